import { NightshiftError } from '../../shared/errors.ts';
import { SqlText } from '../../shared/template.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { dateOf } from '../../shared/days.ts';
import { dayColumn, entityColumns, keyColumns } from '../columns.ts';
import type { StepContext } from '../context.ts';

const BATCHES = ['train', 'test', 'fresh'] as const;

/**
 * Leak checks that fail the run: an empty batch, a row twice, an entity in train and test where the split is by hash, a
 * training label not known before the first test cutoff, a label in the fresh batch. Counts what is not yet mature.
 */
export async function checkSplit(step: StepContext): Promise<void> {
  const warehouse = await step.warehouse();
  await checkNotEmpty(step, warehouse);
  await checkNoRowTwice(step, warehouse);
  if (step.config.split.by === 'hash') await checkEntities(step, warehouse);
  await checkLabels(step, warehouse);
  await countImmature(step, warehouse);
}

async function checkNotEmpty(step: StepContext, warehouse: Warehouse): Promise<void> {
  const { trainFromDay, testFromDay, asOfDay, freshUntilDay } = step.run.windows;
  const windows = { train: [trainFromDay, testFromDay], test: [testFromDay, asOfDay], fresh: [asOfDay, freshUntilDay] } as const;
  for (const batch of BATCHES) {
    const [row] = await warehouse.rows(`SELECT count(*) AS n FROM ${warehouse.dialect.identifier(batch)}`);
    const rows = Number(row?.['n'] ?? 0);
    step.log({ event: batch, rows, message: step.config.time === undefined ? '' : `${dateOf(windows[batch][0])} to before ${dateOf(windows[batch][1])}` });
    if (rows > 0) continue;
    throw new NightshiftError({
      code: 'batch-empty',
      what: `The ${batch} batch is empty`,
      where: `steps/${step.run.step}/${batch}.sql`,
      found: '0 rows',
      expected: `rows from ${dateOf(windows[batch][0])} to before ${dateOf(windows[batch][1])}${batch === 'fresh' ? '' : ' whose label was known in time'}`,
      fix: 'choose another --as-of, or change split: in pipeline.yaml',
    });
  }
}

async function checkNoRowTwice(step: StepContext, warehouse: Warehouse): Promise<void> {
  const { identifier } = warehouse.dialect;
  const keys = keyColumns(step.config).map(identifier).join(', ');
  const all = BATCHES.map((batch) => `SELECT ${keys}, '${batch}' AS batch FROM ${identifier(batch)}`).join(' UNION ALL ');
  const twice = await warehouse.rows(`SELECT ${keys}, count(*) AS n, min(batch) AS first, max(batch) AS last FROM (${all}) AS rows_of_all GROUP BY ${keys} HAVING count(*) > 1 ORDER BY ${keys} LIMIT 5`);
  const one = twice[0];
  if (one === undefined) return;
  const name = keyColumns(step.config).map((column) => `${column} ${String(one[column])}`).join(', ');
  throw leak('A row stands twice', `${name}: ${String(one['n'])} times, in ${[...new Set([one['first'], one['last']])].join(' and ')}`, 'each row once, in one batch');
}

async function checkEntities(step: StepContext, warehouse: Warehouse): Promise<void> {
  const { identifier } = warehouse.dialect;
  const columns = entityColumns(step.config);
  const names = columns.map(identifier).join(', ');
  const found = await warehouse.rows(`SELECT ${names} FROM ${identifier('train')} INTERSECT SELECT ${names} FROM ${identifier('test')} ORDER BY ${names} LIMIT 1`);
  const one = found[0];
  if (one !== undefined) throw leak('An entity trains and tests', columns.map((column) => `${column} ${String(one[column])}`).join(', '), 'each entity in one of the two, since split.by is hash');
}

async function checkLabels(step: StepContext, warehouse: Warehouse): Promise<void> {
  const { identifier } = warehouse.dialect;
  const { firstTestCutoffDay, asOfDay } = step.run.windows;
  const known = await knownDay(step);
  for (const [batch, by] of [['train', firstTestCutoffDay], ['test', asOfDay]] as const) {
    const [row] = await warehouse.rows(`SELECT count(*) AS n, sum(CASE WHEN ${identifier(step.config.label.column)} IS NULL THEN 1 ELSE 0 END) AS missing, sum(CASE WHEN ${known} IS NULL OR ${known} > ${by} THEN 1 ELSE 0 END) AS early FROM ${identifier(batch)}`);
    const early = Number(row?.['early'] ?? 0);
    if (early > 0) throw leak(`A ${batch} label was not known in time`, `${early} rows`, `known by ${dateOf(by)}, the ${batch === 'train' ? 'first test cutoff' : 'as-of date'}`);
    const missing = Number(row?.['missing'] ?? 0);
    if (missing > 0) throw leak(`The ${batch} batch has rows without a label`, `${missing} of ${String(row?.['n'])} rows`, 'a label in every row whose label is known');
  }
  const fresh = (await warehouse.columns(`SELECT * FROM ${identifier('fresh')}`, 'fresh')).map((column) => column.name);
  const label = [step.config.label.column, step.config.label.known_at].find((name) => name !== undefined && fresh.includes(name));
  if (label !== undefined) throw leak('The fresh batch carries the label', label, 'neither the label nor the day from which it is known');
}

/** Says how many rows of the two windows have no label yet; they are left out, never read as zeros. */
async function countImmature(step: StepContext, warehouse: Warehouse): Promise<void> {
  const { time } = step.config;
  if (time === undefined) return;
  const { trainFromDay, testFromDay, asOfDay, firstTestCutoffDay } = step.run.windows;
  const day = warehouse.dialect.identifier(dayColumn(time));
  const known = await knownDay(step);
  const count = (from: number, until: number, by: number) => `sum(CASE WHEN ${day} >= ${from} AND ${day} < ${until} AND (${known} IS NULL OR ${known} > ${by}) THEN 1 ELSE 0 END)`;
  const [row] = await warehouse.rows(`SELECT ${count(trainFromDay, testFromDay, firstTestCutoffDay)} AS train, ${count(testFromDay, asOfDay, asOfDay)} AS test FROM ${warehouse.dialect.identifier('features')}`);
  for (const batch of ['train', 'test'] as const) step.log({ event: `${batch} immature`, rows: Number(row?.[batch] ?? 0), message: 'label not known in time, left out' });
}

async function knownDay(step: StepContext): Promise<string> {
  const text = (await step.vocabulary()).get('label_known_day');
  return text instanceof SqlText ? text.sql : '0';
}

function leak(what: string, found: string, expected: string): NightshiftError {
  return new NightshiftError({ code: 'split-leaks', what, where: 'steps/02-split', found, expected, fix: 'mend the WHERE clauses of steps/02-split' });
}
