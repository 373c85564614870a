import type { SqlType } from '../../dataset/sql-type.ts';
import { windowsOf } from '../../shared/days.ts';
import { NightshiftError } from '../../shared/errors.ts';
import { quoteConfig } from '../../shared/config/load.ts';
import type { Config } from '../../shared/config/schema.ts';
import { openWarehouse } from '../../warehouse/open.ts';
import { typeOfWord } from '../../warehouse/type-words.ts';
import type { ColumnInfo, Warehouse } from '../../warehouse/warehouse.ts';
import { dayColumn } from '../columns.ts';
import type { Talk } from '../context.ts';
import { type Plan, checkPlan } from '../plan.ts';
import type { Choices, Project } from '../prepare.ts';
import { redacted } from '../redact.ts';
import { ensureSample } from '../sample.ts';
import { sourcesOf } from '../sources.ts';

/** A column and what it holds; undefined where neither the engine nor `pipeline.yaml` says. */
export interface TypedColumn {
  readonly name: string;
  readonly type: SqlType | undefined;
}

/** A source, or a relation that a script makes, with its columns in order. */
export interface TypedRelation {
  readonly name: string;
  /** Where it comes from: `sources.flights`, or the script's file. */
  readonly from: string;
  readonly columns: readonly TypedColumn[];
}

/** No type depends on the date; a fixed one keeps `as_of: latest` from reading the sources. */
const ANY_DAY = '2000-01-01';

/**
 * The relations of the checked plan: sources, then what each script makes. Throws what the check of a plan throws. Works in a
 * warehouse of its own, so that a night may be at work; makes a sample that is not there yet.
 */
export async function typedRelations({ config, places, plan }: Pick<Project, 'config' | 'places' | 'plan'>, choices: Choices, talk: Talk): Promise<readonly TypedRelation[]> {
  await ensureSample({ config, places, talk });
  const warehouse = await openWarehouse({ kind: config.warehouse, file: ':memory:' });
  try {
    await warehouse.attach(sourcesOf(config, places));
    const windows = windowsOf(ANY_DAY, config.split, config.lead);
    const quote = (key: string, value: string): string => quoteConfig(choices.project, choices, { key, value });
    const made = await checkPlan(plan, { config, windows, warehouse, quote });
    return [...(await typedSources(warehouse, config)), ...typedScripts(plan, made, config)];
  } catch (thrown) {
    throw thrown instanceof NightshiftError ? redacted(thrown, config.sensitive) : thrown;
  } finally {
    await warehouse.close();
  }
}

async function typedSources(warehouse: Warehouse, { sources }: Config): Promise<readonly TypedRelation[]> {
  const days = dayNumbers(sources);
  const relations: TypedRelation[] = [];
  for (const [name, { types }] of Object.entries(sources)) {
    const found = await warehouse.columns(`SELECT * FROM ${warehouse.dialect.identifier(name)}`, name);
    relations.push({ name, from: `sources.${name}`, columns: found.map((column) => ({ name: column.name, type: types[column.name] ?? typeOfWord(column.type) ?? days.get(column.name) })) });
  }
  return relations;
}

/** The engine's word goes first; an expression of SQLite has none, and what `features` and those after it hold stands in `pipeline.yaml`. */
function typedScripts({ steps }: Plan, made: ReadonlyMap<string, readonly ColumnInfo[]>, config: Config): readonly TypedRelation[] {
  const days = dayNumbers(config.sources);
  const kinds = new Map([...days, ...featureKinds(config)]);
  const featured = new Set(['features']);
  return steps.flatMap(({ scripts }) => scripts).map(({ name, file, uses }) => {
    if (uses.some((used) => featured.has(used))) featured.add(name);
    const said = featured.has(name) ? kinds : days;
    return { name, from: file, columns: (made.get(name) ?? []).map((column) => ({ name: column.name, type: typeOfWord(column.type) ?? said.get(column.name) })) };
  });
}

/** Day numbers are whole wherever they come up. */
function dayNumbers(sources: Config['sources']): ReadonlyMap<string, SqlType> {
  const dated = Object.values(sources).flatMap(({ types }) => Object.keys(types).filter((name) => types[name] === 'date' || types[name] === 'timestamp'));
  return new Map(dated.map((name) => [dayColumn(name), 'integer']));
}

function featureKinds({ features, label, task, weight }: Config): ReadonlyMap<string, SqlType> {
  return new Map<string, SqlType>([
    ...features.number.map((name): [string, SqlType] => [name, 'number']),
    ...features.category.map((name): [string, SqlType] => [name, 'text']),
    ...(task === 'multiclass' ? [] : [[label.column, task === 'binary' ? 'integer' : 'number'] as [string, SqlType]]),
    ...(weight === undefined ? [] : [[weight, 'number'] as [string, SqlType]]),
  ]);
}
