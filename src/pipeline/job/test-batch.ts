import { join } from 'node:path';
import type { TestRecord } from '../../registry/registry.ts';
import { ExitCode, NightshiftError } from '../../shared/errors.ts';
import { Mask } from '../../shared/sensitive.ts';
import { render } from '../../shared/template.ts';
import type { Row } from '../../warehouse/warehouse.ts';
import type { StepContext } from '../context.ts';
import { type BatchTest, findBatchTests } from './batch-tests.ts';
import { runJest } from './run-jest.ts';

export interface TestOutcome {
  readonly test: BatchTest;
  readonly outcome: 'passed' | 'failed' | 'waits';
  readonly message: string | null;
}

const SHOWN_ROWS = 5;

/**
 * Runs the batch's own tests: SQL that returns offending rows, and Jest tests on the outputs. Logs and records each; throws
 * `checks-failed` (exit code 4) where one of severity error fails.
 */
export async function testBatch(step: StepContext): Promise<readonly TestRecord[]> {
  step.require('fresh', 'staged');
  const tests = findBatchTests(join(step.run.places.project, 'steps', step.run.step), `steps/${step.run.step}`);
  const nights = await step.record((registry) => registry.nightsBefore(step.run.windows.asOf, 10_000).length);
  const outcomes: TestOutcome[] = [];
  for (const test of tests.filter(({ kind }) => kind === 'sql')) outcomes.push(await timedTest(step, test, () => sqlTest(step, test, nights)));
  // DuckDB lets one process in at a time: let go before Jest's opens it.
  await step.release();
  outcomes.push(...(await jestTests(step, tests.filter(({ kind }) => kind === 'jest'), nights)));
  const records = outcomes.map(recordOf);
  await step.record((registry, attempt) => registry.recordTests(attempt, records));
  const failed = outcomes.filter(({ test, outcome }) => outcome === 'failed' && test.severity === 'error');
  if (failed.length > 0) throw checksFailed(step, failed);
  return records;
}

async function timedTest(step: StepContext, test: BatchTest, work: () => Promise<Omit<TestOutcome, 'test'>>): Promise<TestOutcome> {
  step.progress(test.file);
  const start = performance.now();
  const outcome = { test, ...(await work()) };
  logTest(step, outcome, (performance.now() - start) / 1000);
  return outcome;
}

function logTest(step: StepContext, { test, outcome, message }: TestOutcome, seconds: number): void {
  const status = outcome === 'failed' ? (test.severity === 'warn' ? 'warn' : 'failed') : 'ok';
  const text = outcome === 'passed' ? test.about : `${test.about} ${message ?? ''}`;
  step.log({ event: test.file, seconds, status, message: outcome === 'waits' ? `waits: ${text}` : text });
}

async function sqlTest(step: StepContext, test: BatchTest, nights: number): Promise<Omit<TestOutcome, 'test'>> {
  if (nights < test.needsNights) return waits(test, nights);
  const warehouse = await step.warehouse();
  const { sql } = render(test.text, await step.vocabulary(), test.file);
  await warehouse.assertReads(sql, test.file);
  await warehouse.columns(sql, test.file);
  const statement = sql.trim().replace(/;$/, '');
  const [counted] = await warehouse.rows(`SELECT count(*) AS n FROM (${statement}\n) AS offending`);
  const rows = Number(counted?.['n'] ?? 0);
  if (rows === 0) return { outcome: 'passed', message: null };
  const first = await warehouse.rows(`SELECT * FROM (${statement}\n) AS offending LIMIT ${SHOWN_ROWS}`);
  return { outcome: 'failed', message: `${rows} offending ${rows === 1 ? 'row' : 'rows'}: ${first.map((row) => shownRow(step, row)).join('; ')}` };
}

function shownRow(step: StepContext, row: Row): string {
  const mask = new Mask(step.config.sensitive, step.run.places.data);
  return Object.entries(row).map(([name, value]) => `${name}=${value === null ? 'missing' : String(mask.shown(name, value))}`).join(', ');
}

async function jestTests(step: StepContext, tests: readonly BatchTest[], nights: number): Promise<readonly TestOutcome[]> {
  const ready = tests.filter((test) => nights >= test.needsNights);
  const waiting = tests.filter((test) => nights < test.needsNights).map((test): TestOutcome => ({ test, ...waits(test, nights) }));
  for (const one of waiting) logTest(step, one, 0);
  if (ready.length === 0) return waiting;
  step.progress(`${ready.length} Jest tests on the outputs`);
  const start = performance.now();
  const results = await runJest(step, ready.map(({ name }) => name));
  step.log({ event: 'Jest', seconds: (performance.now() - start) / 1000, message: 'with its start' });
  const outcomes = ready.map((test): TestOutcome => {
    const result = results.get(test.name);
    if (result === undefined) return { test, outcome: 'failed', message: 'Jest did not run it' };
    return { test, outcome: result.passed ? 'passed' : 'failed', message: result.message };
  });
  outcomes.forEach((one) => logTest(step, one, results.get(one.test.name)?.seconds ?? 0));
  return [...outcomes, ...waiting];
}

function waits({ needsNights }: BatchTest, nights: number): Omit<TestOutcome, 'test'> {
  return { outcome: 'waits', message: `needs ${needsNights} published nights, there are ${nights}` };
}

function recordOf({ test, outcome, message }: TestOutcome): TestRecord {
  return { test: test.file, severity: test.severity, outcome, message };
}

function checksFailed(step: StepContext, failed: readonly TestOutcome[]): NightshiftError {
  return new NightshiftError({
    code: 'checks-failed',
    what: failed.length === 1 ? 'A test of the batch failed' : `${failed.length} tests of the batch failed`,
    where: failed.map(({ test }) => test.file).join(', '),
    found: failed.map(({ test, message }) => `${test.about} ${message ?? ''}`).join('\n            '),
    fix: `see logs/${step.run.step}.csv; nothing was published`,
    exitCode: ExitCode.checksFailed,
  });
}
