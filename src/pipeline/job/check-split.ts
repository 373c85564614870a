import { dateOf } from '../../shared/days.ts';
import { NightshiftError } from '../../shared/errors.ts';
import { Mask } from '../../shared/sensitive.ts';
import { SqlText } from '../../shared/template.ts';
import type { Row, Warehouse } from '../../warehouse/warehouse.ts';
import { BATCHES, batchWindows, labelsKnownBy, windowText } from '../batches.ts';
import { dayColumn, entityColumns, keyColumns } from '../columns.ts';
import type { StepContext } from '../context.ts';

/**
 * Leak checks that fail the run: an empty batch, a row twice, an entity in train and test where the split is by hash, a
 * training label not known before the first test cutoff (by hash: before the as-of date), a label in the fresh batch.
 * Counts what is not yet mature.
 */
export async function checkSplit(step: StepContext): Promise<void> {
  const warehouse = await step.warehouse();
  const start = performance.now();
  await checkNotEmpty(step, warehouse);
  await checkNoRowTwice(step, warehouse);
  if (step.config.split.by === 'hash') await checkEntities(step, warehouse);
  await checkLabels(step, warehouse);
  await checkFreshHasNoLabel(step, warehouse);
  step.log({ event: 'leak checks', seconds: (performance.now() - start) / 1000, message: 'none found' });
  await countImmature(step, warehouse);
}

async function checkNotEmpty(step: StepContext, warehouse: Warehouse): Promise<void> {
  for (const batch of BATCHES) {
    const [row] = await warehouse.rows(`SELECT count(*) AS n FROM ${warehouse.dialect.identifier(batch)}`);
    const rows = Number(row?.['n'] ?? 0);
    const window = windowText(step.config, step.run.windows, batch);
    step.log({ event: batch, rows, ...(window === '' ? {} : { message: window }) });
    if (batch === 'train') step.rows = rows;
    if (rows > 0) continue;
    throw new NightshiftError({
      code: 'batch-empty',
      what: `The ${batch} batch is empty`,
      where: `steps/${step.run.step}/${batch}.sql`,
      found: '0 rows',
      expected: `rows${window === '' ? '' : ` from ${window}`}${batch === 'fresh' ? '' : ' whose label was known in time'}`,
      fix: 'choose another --as-of, or change split: in pipeline.yaml',
    });
  }
}

async function checkNoRowTwice(step: StepContext, warehouse: Warehouse): Promise<void> {
  const { identifier } = warehouse.dialect;
  const keys = keyColumns(step.config).map(identifier).join(', ');
  const all = BATCHES.map((batch) => `SELECT ${keys}, '${batch}' AS batch FROM ${identifier(batch)}`).join(' UNION ALL ');
  const twice = await warehouse.rows(`SELECT ${keys}, count(*) AS n, min(batch) AS first, max(batch) AS last FROM (${all}) AS rows_of_all GROUP BY ${keys} HAVING count(*) > 1 ORDER BY ${keys} LIMIT 1`);
  const one = twice[0];
  if (one === undefined) return;
  throw leak(step, 'A row stands twice', `${named(step, keyColumns(step.config), one)}: ${String(one['n'])} times, in ${[...new Set([one['first'], one['last']])].join(' and ')}`, 'each row once, in one batch');
}

async function checkEntities(step: StepContext, warehouse: Warehouse): Promise<void> {
  const { identifier } = warehouse.dialect;
  const columns = entityColumns(step.config);
  const names = columns.map(identifier).join(', ');
  const found = await warehouse.rows(`SELECT ${names} FROM ${identifier('train')} INTERSECT SELECT ${names} FROM ${identifier('test')} ORDER BY ${names} LIMIT 1`);
  if (found[0] !== undefined) throw leak(step, 'An entity trains and tests', named(step, columns, found[0]), 'each entity in one of the two, since split.by is hash');
}

/** Columns of a row in words; sensitive ones as their hash. */
function named(step: StepContext, columns: readonly string[], row: Row): string {
  const mask = new Mask(step.config.sensitive, step.run.places.data);
  return columns.map((column) => `${column} ${String(mask.shown(column, row[column]))}`).join(', ');
}

async function checkLabels(step: StepContext, warehouse: Warehouse): Promise<void> {
  const { identifier } = warehouse.dialect;
  const known = await knownDay(step);
  const knownBy = labelsKnownBy(step.config, step.run.windows);
  for (const batch of ['train', 'test'] as const) {
    const by = knownBy[batch];
    const [row] = await warehouse.rows(`SELECT count(*) AS n, sum(CASE WHEN ${identifier(step.config.label.column)} IS NULL THEN 1 ELSE 0 END) AS missing, sum(CASE WHEN ${known} IS NULL OR ${known} > ${by} THEN 1 ELSE 0 END) AS early FROM ${identifier(batch)}`);
    const rows = String(row?.['n']);
    const early = Number(row?.['early'] ?? 0);
    if (early > 0) throw leak(step, `A ${batch} label was not known in time`, `${early} of ${rows} rows`, `known by ${dateOf(by)}, the ${by === step.run.windows.asOfDay ? 'as-of date' : 'first test cutoff'}`);
    const missing = Number(row?.['missing'] ?? 0);
    if (missing > 0) throw labelMissing(step, batch, `${missing} of ${rows} rows`);
  }
}

async function checkFreshHasNoLabel(step: StepContext, warehouse: Warehouse): Promise<void> {
  const { column, known_at: knownAt } = step.config.label;
  const labels = [column, ...(knownAt === undefined ? [] : [knownAt, dayColumn(knownAt)])];
  const fresh = (await warehouse.columns(`SELECT * FROM ${warehouse.dialect.identifier('fresh')}`, 'fresh')).map(({ name }) => name);
  const label = labels.find((name) => fresh.includes(name));
  if (label !== undefined) throw leak(step, 'The fresh batch carries the label', label, 'neither the label nor the day from which it is known');
}

/** Says how many rows of the two windows have no label yet; they are left out, never read as zeros. */
async function countImmature(step: StepContext, warehouse: Warehouse): Promise<void> {
  const { time, split } = step.config;
  if (time === undefined) return;
  const day = warehouse.dialect.identifier(dayColumn(time));
  const known = await knownDay(step);
  const tests = `${await sqlNamed(step, 'entity_hash')} < ${await sqlNamed(step, 'test_share_hash')}`;
  const side = split.by === 'hash' ? { train: ` AND NOT ${tests}`, test: ` AND ${tests}` } : { train: '', test: '' };
  const excluded = await sqlNamed(step, 'excluded');
  const count = (batch: 'train' | 'test'): string => {
    const [from, until] = batchWindows(step.config, step.run.windows)[batch];
    const by = labelsKnownBy(step.config, step.run.windows)[batch];
    return `sum(CASE WHEN ${day} >= ${from} AND ${day} < ${until}${side[batch]} AND NOT ${excluded} AND (${known} IS NULL OR ${known} > ${by}) THEN 1 ELSE 0 END)`;
  };
  const [row] = await warehouse.rows(`SELECT ${count('train')} AS train, ${count('test')} AS test FROM ${warehouse.dialect.identifier('features')}`);
  for (const batch of ['train', 'test'] as const) step.log({ event: `${batch} immature`, rows: Number(row?.[batch] ?? 0), message: 'label not known in time, left out' });
}

function knownDay(step: StepContext): Promise<string> {
  return sqlNamed(step, 'label_known_day');
}

/** What the vocabulary says under a name, for queries that are not scripts. */
async function sqlNamed(step: StepContext, name: string): Promise<string> {
  const text = (await step.vocabulary()).get(name);
  if (text instanceof SqlText) return text.sql;
  throw new Error(`the vocabulary has no ${name}`);
}

function leak(step: StepContext, what: string, found: string, expected: string): NightshiftError {
  const where = `steps/${step.run.step}`;
  return new NightshiftError({ code: 'split-leaks', what, where, found, expected, fix: `mend the WHERE clauses of ${where}` });
}

function labelMissing({ config: { label } }: StepContext, batch: string, found: string): NightshiftError {
  return new NightshiftError({
    code: 'label-missing',
    what: `The ${batch} batch has rows whose label should be known and is missing`,
    where: `label.column: ${label.column}`,
    found,
    expected: `a value wherever ${label.known_at ?? `a row is older than ${label.matures_after}d`} says that the label is known`,
    fix: 'see why the source has none, or let label.known_at be missing as long as the label is',
  });
}
