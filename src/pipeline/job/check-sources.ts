import type { SourceConfig } from '../../shared/config/schema.ts';
import { dateOf } from '../../shared/days.ts';
import { ExitCode, NightshiftError } from '../../shared/errors.ts';
import type { Source, Warehouse } from '../../warehouse/warehouse.ts';
import { dayColumn } from '../columns.ts';
import type { StepContext } from '../context.ts';

/**
 * Attaches the sources and stops the night where one is missing, of another type, too short or late (exit code 6), or
 * where the as-of date lies before all of its rows.
 */
export async function checkSources(step: StepContext): Promise<void> {
  const warehouse = await step.warehouse();
  await step.attach();
  for (const source of step.sources) {
    await step.timed(`source ${source.name}`, async () => {
      await warehouse.check(source);
      return checkAmount(source, step, warehouse);
    });
  }
}

async function checkAmount(source: Source, step: StepContext, warehouse: Warehouse): Promise<number> {
  const config = step.config.sources[source.name];
  if (config === undefined) throw new Error(`no configuration of source ${source.name}`);
  const { asOfDay, asOf } = step.run.windows;
  const { identifier } = warehouse.dialect;
  const day = config.time === undefined ? 'NULL' : identifier(dayColumn(config.time));
  const [found] = await warehouse.rows(`SELECT count(*) AS n, min(${day}) AS first, max(CASE WHEN ${day} < ${asOfDay} THEN ${day} END) AS newest FROM ${identifier(source.name)}`);
  const rows = Number(found?.['n'] ?? 0);
  if (rows < config.min_rows) throw tooShort(source.name, rows, config.min_rows);
  if (config.time !== undefined) checkAge({ name: source.name, config, asOf, asOfDay, first: found?.['first'], newest: found?.['newest'] });
  return rows;
}

function checkAge(it: { name: string; config: SourceConfig; asOf: string; asOfDay: number; first: unknown; newest: unknown }): void {
  if (typeof it.newest !== 'number') {
    throw new NightshiftError({
      code: 'as-of-outside-data',
      what: `Source ${it.name} has no row before the as-of date`,
      where: `sources.${it.name}.time`,
      found: typeof it.first === 'number' ? `rows from ${dateOf(it.first)} on` : 'no dated row',
      expected: `rows before ${it.asOf}`,
      fix: 'choose a later --as-of',
      exitCode: ExitCode.usage,
    });
  }
  const age = it.asOfDay - it.newest;
  if (it.config.max_age === undefined || age <= it.config.max_age) return;
  throw new NightshiftError({
    code: 'source-late',
    what: `Source ${it.name} is late`,
    where: `sources.${it.name}.max_age`,
    found: `its newest row before ${it.asOf} is of ${dateOf(it.newest)}, ${age} days earlier`,
    expected: `at most ${it.config.max_age} days`,
    fix: 'see why the source was not loaded, or choose another --as-of',
    exitCode: ExitCode.sourceLate,
  });
}

function tooShort(name: string, found: number, expected: number): NightshiftError {
  return new NightshiftError({
    code: 'source-short',
    what: `Source ${name} has too few rows`,
    where: `sources.${name}.min_rows`,
    found: `${found} rows`,
    expected: `at least ${expected}`,
    fix: 'see whether the load was cut short',
    exitCode: ExitCode.sourceLate,
  });
}
