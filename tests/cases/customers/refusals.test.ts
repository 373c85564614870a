import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { runJob, runNightJson } from '../../support/job.ts';
import { CustomerProjects, edit, inWarehouse, rowsOf, textsLeft } from './project.ts';

const projects = new CustomerProjects();
let project = '';
/** All that any run of this file has said. */
const said: string[] = [];

beforeAll(async () => {
  project = await projects.make('refusals');
});

afterAll(() => projects.remove());

/** Runs a try with a file changed, and puts the file back. */
async function tryWith(file: string, change: (text: string) => string, args: readonly string[] = []) {
  copyFileSync(join(project, file), join(project, 'kept'));
  edit(project, file, change);
  try {
    return await tryNight(args);
  } finally {
    copyFileSync(join(project, 'kept'), join(project, file));
  }
}

async function tryNight(args: readonly string[]) {
  const report = await runNightJson(['--project', project, '--as-of', '2024-05-01', '--try', ...args]);
  said.push(JSON.stringify(report));
  return report;
}

test('with known_at taken away from the split the run fails, since labels trained that nobody knew', async () => {
  const report = await tryWith('steps/02-split/train.sql', (sql) => sql.replace(/ {2}AND \{\{ label_known_day \}\} .*\n/, ''));
  expect(report).toMatchObject({ status: 'failed', code: 1, error: { code: 'split-leaks', what: 'A train label was not known in time', found: '1348 of 14877 rows' } });
  expect(report.error?.expected).toBe('known by 2024-03-01, the first test cutoff');
});

test('with retention calls smuggled into a feature the blind test fails, and names feature and outcome', async () => {
  const report = await tryWith('steps/01-extract/rows.sql', (sql) => sql.replace('  usage_hours,\n', '  usage_hours - retention_calls AS usage_hours,\n'));
  expect(report).toMatchObject({ status: 'failed', code: 1, error: { code: 'feature-peeks', what: 'A feature has seen what nobody knew yet' } });
  expect(report.error?.found).toMatch(/^usage_hours changed in \d+ rows \(usage_hours sees snapshots\.retention_calls\)$/);
  expect(report.error?.where).toMatch(/^steps\/01-extract, rows of \d{4}-\d\d-01$/);
});

test('a model may use the sensitive column, while slices and failing tests show hashes of it, whatever they call it', async () => {
  writeFileSync(
    join(project, 'steps/06-test/nobody_is_called.sql'),
    '-- Nobody is called.\nSELECT s.rank, c.email, f.email AS contact, upper(f.email) AS who\nFROM {{ staged }} AS s\nJOIN {{ features }} AS f ON f.customer_id = s.customer_id AND f.snapshot_date = s.snapshot_date\nJOIN {{ customers }} AS c ON c.customer_id = s.customer_id\nWHERE s.rank <= 50 AND f.email IS NOT NULL\nORDER BY s.rank\n',
  );
  const report = await tryNight(['--set', 'features.category=[contract, plan, city, email]', '--set', 'slices=[email]', '--set', 'model.options={min_count: 2}']);
  expect(report).toMatchObject({ status: 'checks_failed', code: 4, error: { code: 'checks-failed', where: 'steps/06-test/nobody_is_called.sql' } });
  expect(report.error?.found).toMatch(/^Nobody is called\. \d+ offending rows: rank=1, email=(#[0-9a-f]{12}), contact=\1, who=#[0-9a-f]{12}; /);
  const log = parse(readFileSync(join(project, 'logs/06-test.csv')), { columns: true }) as Record<string, string>[];
  expect(log.filter((line) => line['status'] === 'failed').every((line) => line['message']?.includes('email=#'))).toBe(true);
  expect(readFileSync(join(project, 'logs/metrics.csv'), 'utf8')).toMatch(/,test,email=#[0-9a-f]{12},/);
  const fresh = await rowsOf(project, 'sqlite', { relation: 'fresh', order: 'customer_id' });
  expect(fresh.some((row) => String(row['email']).includes('@'))).toBe(true);
});

test('a value of the sensitive column that is not of its declared type is not shown', async () => {
  const { code, stderr } = await runJob(['plan', '--project', project, '--set', 'sources.customers.types.email=integer']);
  said.push(stderr);
  expect(code).toBe(1);
  expect(stderr).toContain('A value of the column "email" is not of its declared type');
  expect(stderr).toContain('found:    (not shown): the column is sensitive');
});

test('no run has said or left an address anywhere, but for the batches and the model', async () => {
  expect(said.join('\n')).not.toContain('@');
  expect(textsLeft(project)).not.toContain('@example');
  const held = await inWarehouse(project, 'sqlite', (warehouse) => warehouse.rows("SELECT count(*) AS n FROM features WHERE instr(email, '@') > 0"));
  expect(Number(held[0]?.['n'])).toBeGreaterThan(10_000);
});
