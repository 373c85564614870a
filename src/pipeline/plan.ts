import { nearest } from '../shared/nearest.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import type { Config } from '../shared/config/schema.ts';
import type { Windows } from '../shared/days.ts';
import { render } from '../shared/template.ts';
import type { ColumnInfo, Warehouse } from '../warehouse/warehouse.ts';
import { requiredColumns } from './columns.ts';
import type { Script, StepFiles } from './find.ts';
import type { StepDefinition } from './step.ts';
import { nightRows, vocabularyOf } from './vocabulary.ts';

/** One step of a checked plan. */
export interface PlanStep {
  readonly name: string;
  readonly about: string;
  readonly scripts: readonly Script[];
  /** Everything that it reads which another step or a source gives. */
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

export interface Plan {
  readonly sources: readonly string[];
  readonly steps: readonly PlanStep[];
}

/** Joins what lies in the folders with what the steps declare; throws on an input nobody makes and on two makers of one output. */
export function planOf(files: readonly StepFiles[], definitions: ReadonlyMap<string, StepDefinition>, config: Config): Plan {
  const sources = Object.keys(config.sources);
  const relations = new Set([...sources, ...files.flatMap((step) => step.scripts.map((script) => script.name))]);
  const steps = files.map(({ name, scripts }): PlanStep => {
    const definition = definitions.get(name);
    const made = [...scripts.map((script) => script.name), ...(definition?.writes ?? [])];
    const used = [...scripts.flatMap((script) => script.uses.filter((one) => relations.has(one))), ...(definition?.reads ?? [])];
    return { name, about: definition?.about ?? '', scripts, reads: [...new Set(used)].filter((one) => !made.includes(one)), writes: made };
  });
  checkMakers(steps, sources);
  return { sources, steps };
}

function checkMakers(steps: readonly PlanStep[], sources: readonly string[]): void {
  const maker = new Map<string, string>(sources.map((source) => [source, 'sources']));
  for (const step of steps) {
    for (const read of step.reads) if (!maker.has(read)) throw nobodyMakes(read, step, [...maker.keys()]);
    for (const written of step.writes) {
      const other = maker.get(written);
      if (other !== undefined) throw planError(`Two makers of ${written}`, step.name, `${other} and ${step.name}`, 'one maker for each relation');
      maker.set(written, step.name);
    }
  }
}

/** The step that makes a relation, or undefined for sources. */
export function makerOf(plan: Plan, relation: string): string | undefined {
  return plan.steps.find((step) => step.writes.includes(relation))?.name;
}

/** The step that makes each relation or result. */
export function makersOf(plan: Plan): Readonly<Record<string, string>> {
  return Object.fromEntries(plan.steps.flatMap(({ name, writes }) => writes.map((written) => [written, name])));
}

export interface PlanContext {
  readonly config: Config;
  readonly windows: Windows;
  readonly warehouse: Warehouse;
  /** Where `pipeline.yaml` names a column, as errors quote it. */
  readonly quote: (key: string, column: string) => string;
}

/** Columns of each relation that a script makes, as the engine says. */
export type PlanColumns = ReadonlyMap<string, readonly ColumnInfo[]>;

/**
 * Chains every script as a view over the one before, without running any: SQL that does not parse, reads a column that is
 * not there, or writes, fails here, before the first write. Sources must be attached.
 */
export async function checkPlan(plan: Plan, context: PlanContext): Promise<PlanColumns> {
  const { config, windows, warehouse } = context;
  const scripts = plan.steps.flatMap((step) => step.scripts);
  const relations = new Map([...plan.sources, ...scripts.map(({ name }) => name)].map((name) => [name, name]));
  const vocabulary = vocabularyOf(warehouse.dialect, config, windows, nightRows(windows), relations);
  const given = await checkOutcomes(plan, context);
  const columns = new Map<string, readonly ColumnInfo[]>();
  const defined: string[] = [];
  try {
    for (const script of scripts) {
      const { sql } = render(script.text, vocabulary, script.file);
      // Each view binds all that are beneath it, so that it is asked once for everything.
      const made = await warehouse.define(script.name, sql, script.file);
      defined.push(script.name);
      columns.set(script.name, made);
      if (script.name === 'features') checkFeatures(made.map(({ name }) => name), script, context);
    }
  } finally {
    for (const name of defined.reverse()) await warehouse.undefine(name);
  }
  checkSensitive([...given.flat(), ...[...columns.values()].flat().map(({ name }) => name)], context);
  return columns;
}

async function columnsOf(warehouse: Warehouse, sql: string, where: string): Promise<readonly string[]> {
  return (await warehouse.columns(sql, where)).map(({ name }) => name);
}

/** Outcomes that a source does not have would be hidden from nobody. Returns the columns of each source. */
async function checkOutcomes({ sources }: Plan, { config, warehouse, quote }: PlanContext): Promise<readonly (readonly string[])[]> {
  const given: (readonly string[])[] = [];
  for (const name of sources) {
    const found = await columnsOf(warehouse, `SELECT * FROM ${warehouse.dialect.identifier(name)}`, name);
    const key = `sources.${name}.known_later`;
    const missing = config.sources[name]?.known_later.flatMap(({ columns }) => columns).find((column) => !found.includes(column));
    if (missing !== undefined) throw columnMissing({ column: missing, key, absence: `the source ${name} has no such column`, where: quote(key, missing), found });
    given.push(found);
  }
  return given;
}

/** A sensitive column that is called otherwise would be shown. */
function checkSensitive(found: readonly string[], { config, quote }: PlanContext): void {
  const missing = config.sensitive.find((column) => !found.includes(column));
  if (missing !== undefined) throw columnMissing({ column: missing, key: 'sensitive', absence: 'no source or script gives it', where: quote('sensitive', missing), found: [...new Set(found)] });
}

function checkFeatures(found: readonly string[], script: Script, { config, quote }: PlanContext): void {
  for (const [column, { key, what }] of requiredColumns(config)) {
    if (!found.includes(column)) throw columnMissing({ column, key: what, absence: `${script.file} does not give it`, where: quote(key, column), found });
  }
}

interface MissingColumn {
  readonly column: string;
  readonly key: string;
  /** Who does not give it, as a clause. */
  readonly absence: string;
  readonly where: string;
  readonly found: readonly string[];
}

function columnMissing({ column, key, absence, where, found }: MissingColumn): NightshiftError {
  const closest = nearest(column, found);
  return new NightshiftError({
    code: 'column-missing',
    what: `pipeline.yaml names the column ${column} (${key}), and ${absence}`,
    where,
    found: found.join(', '),
    expected: column,
    fix: closest === undefined ? undefined : `did you mean ${closest}?`,
    exitCode: ExitCode.usage,
  });
}

function nobodyMakes(read: string, step: PlanStep, made: readonly string[]): NightshiftError {
  const closest = nearest(read, made);
  return planError(`Nobody makes ${read}`, step.name, `read by ${step.name}`, `made by an earlier step, or a source${closest === undefined ? '' : ` (closest: ${closest})`}`);
}

function planError(what: string, where: string, found: string, expected: string): NightshiftError {
  return new NightshiftError({ code: 'plan-invalid', what, where: `steps/${where}`, found, expected, exitCode: ExitCode.usage });
}
