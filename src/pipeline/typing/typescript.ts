import { storageOf } from '../../dataset/sql-type.ts';
import type { Config } from '../../shared/config/schema.ts';
import { entityColumns, keyColumns } from '../columns.ts';
import type { TypedColumn, TypedRelation } from './relations.ts';

/** The map of all relations, after which no relation's type can be called. */
const ALL = 'Relations';

/**
 * TypeScript for a project's steps and tests: a type for each relation, and what `pipeline.yaml` names of `features`. No
 * interfaces: rows of a query can be said to be of a type, and of an interface they cannot.
 */
export function typesFile(relations: readonly TypedRelation[], config: Config): string {
  const names = typeNames(relations);
  const parts = [
    `// Made by \`run.sh types\` from the checked plan and pipeline.yaml; not to be edited. Any column may be missing in a row: no engine says\n// of a query's columns which may not. \`nightshift.Scalar\` stands where neither the engine nor pipeline.yaml says what a column holds.\nimport type * as nightshift from 'nightshift';`,
    ...relations.map((relation) => typeOf(relation, names.get(relation.name) ?? '', config.units ?? {})),
    `/** Every relation by its name. */\nexport type ${ALL} = {\n${relations.map(({ name }) => `  readonly ${name}: ${names.get(name)};`).join('\n')}\n};`,
    manifestOf(names.get('features') ?? '', config),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** `place_history` is PlaceHistory; where two would be called the same, the later one has a number. */
function typeNames(relations: readonly TypedRelation[]): ReadonlyMap<string, string> {
  const taken = new Set([ALL]);
  return new Map(relations.map(({ name }) => {
    const plain = name.split('_').map((part) => part.slice(0, 1).toUpperCase() + part.slice(1)).join('') || '_';
    let own = plain;
    for (let i = 2; taken.has(own); i++) own = `${plain}${i}`;
    taken.add(own);
    return [name, own];
  }));
}

function typeOf({ from, columns }: TypedRelation, name: string, units: Readonly<Record<string, string>>): string {
  return `/** ${from} */\nexport type ${name} = {\n${columns.map((column) => `  ${property(column, units)}`).join('\n')}\n};`;
}

function property({ name, type }: TypedColumn, units: Readonly<Record<string, string>>): string {
  const held = type === undefined ? 'nightshift.Scalar' : `${storageOf(type) === 'number' ? 'number' : 'string'} | null`;
  const unit = Object.hasOwn(units, name) ? units[name]?.replaceAll(/\s+/g, ' ') : undefined;
  const remark = [type, unit].filter((one) => one !== undefined).join(', ');
  return `readonly ${keyOf(name)}: ${held};${remark === '' ? '' : ` // ${remark}`}`;
}

function keyOf(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

function manifestOf(features: string, config: Config): string {
  const { label, time, task, weight, rule } = config;
  const lines = [
    `  key: ${listed(keyColumns(config))},`,
    `  entity: ${listed(entityColumns(config))},`,
    ...(time === undefined ? [] : [`  time: ${quoted(time)},`]),
    `  label: ${quoted(label.column)},`,
    '  features: {',
    ...lineUp('    number: ', config.features.number),
    ...lineUp('    category: ', config.features.category),
    '  },',
    `  slices: ${listed(config.slices)},`,
    ...(weight === undefined ? [] : [`  weight: ${quoted(weight)},`]),
    ...(rule === undefined ? [] : [`  rule: ${quoted(rule)},`]),
  ];
  const held = task === 'multiclass' ? 'string | number' : 'number';
  return `/** What pipeline.yaml names of the columns of features, with the kinds that it gives them. */\nexport const manifest = {\n${lines.join('\n')}\n} as const satisfies nightshift.Manifest<${features}, ${held}>;`;
}

function listed(names: readonly string[]): string {
  return `[${names.map(quoted).join(', ')}]`;
}

/** One name a line, so that a change shows as what it is. */
function lineUp(start: string, names: readonly string[]): readonly string[] {
  if (names.length === 0) return [`${start}[],`];
  return [`${start}[`, ...names.map((name) => `      ${quoted(name)},`), '    ],'];
}
