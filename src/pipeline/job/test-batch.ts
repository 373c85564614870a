import { join } from 'node:path';
import type { TestRecord } from '../../registry/records.ts';
import { ExitCode, NightshiftError } from '../../shared/errors.ts';
import { render } from '../../shared/template.ts';
import type { StepContext } from '../context.ts';
import { readPublished } from '../published.ts';
import { Redactor } from '../redact.ts';
import { type BatchTest, findBatchTests } from './batch-tests.ts';
import { replayTest, REPLAY_TEST } from './replay-test.ts';
import { runJest } from './run-jest.ts';

export interface TestOutcome {
  readonly test: BatchTest;
  readonly outcome: 'passed' | 'failed' | 'waits';
  readonly message: string | null;
}

const SHOWN_ROWS = 5;

/**
 * Runs the batch's own tests: SQL that returns offending rows, a replay where `replay.rows` asks for one, and Jest tests on the outputs.
 * Logs and records each; throws `checks-failed` (exit code 4) where one of severity error fails.
 */
export async function testBatch(step: StepContext): Promise<readonly TestRecord[]> {
  step.require('fresh', 'staged');
  const tests = findBatchTests(join(step.run.places.project, 'steps', step.run.step), `steps/${step.run.step}`);
  const nights = await nightsBefore(step);
  const outcomes: TestOutcome[] = [];
  for (const test of tests.filter(({ kind }) => kind === 'sql')) outcomes.push(await timedTest(step, test, () => sqlTest(step, test, nights)));
  if (step.config.replay.rows > 0) outcomes.push(await timedTest(step, REPLAY_TEST, () => replayTest(step)));
  // DuckDB lets one process in at a time: let go before Jest's opens it.
  await step.release();
  outcomes.push(...(await jestTests(step, tests.filter(({ kind }) => kind === 'jest'), nights)));
  const records = outcomes.map(recordOf);
  await step.record((registry, attempt) => registry.recordTests(attempt, records));
  const failed = outcomes.filter(({ test, outcome }) => outcome === 'failed' && test.severity === 'error');
  if (failed.length > 0) throw checksFailed(step, failed);
  return records;
}

async function timedTest(step: StepContext, test: BatchTest, work: () => Promise<Omit<TestOutcome, 'test'> & { readonly test?: BatchTest }>): Promise<TestOutcome> {
  step.progress(test.file);
  const start = performance.now();
  const outcome = { test, ...(await work()) };
  logTest(step, outcome, (performance.now() - start) / 1000);
  return outcome;
}

function logTest(step: StepContext, { test, outcome, message }: TestOutcome, seconds: number): void {
  const status = outcome === 'failed' ? (test.severity === 'warn' ? 'warn' : 'failed') : outcome === 'waits' ? 'waits' : 'ok';
  const text = outcome === 'passed' ? test.about : `${test.about} ${message ?? ''}`;
  step.log({ event: test.file, seconds, status, show: true, message: text });
}

async function sqlTest(step: StepContext, test: BatchTest, nights: number): Promise<Omit<TestOutcome, 'test'>> {
  if (nights < test.needsNights) return waits(test, nights);
  const warehouse = await step.warehouse();
  const { sql, used } = render(test.text, await step.vocabulary(), test.file);
  await step.attach(used);
  await warehouse.assertReads(sql, test.file);
  await warehouse.columns(sql, test.file);
  const statement = sql.trim().replace(/;$/, '');
  const [counted] = await warehouse.rows(`SELECT count(*) AS n FROM (${statement}\n) AS offending`, test.file);
  const rows = Number(counted?.['n'] ?? 0);
  if (rows === 0) return { outcome: 'passed', message: null };
  const first = await warehouse.rows(`SELECT * FROM (${statement}\n) AS offending LIMIT ${SHOWN_ROWS}`, test.file);
  const redactor = new Redactor(step);
  const shown: string[] = [];
  for (const row of first) shown.push(await redactor.row(row));
  return { outcome: 'failed', message: `${rows} offending ${rows === 1 ? 'row' : 'rows'}: ${shown.join('; ')}` };
}

/** Nights that this warehouse has published before this one: those whose scores a test can read. */
async function nightsBefore(step: StepContext): Promise<number> {
  const published = await readPublished(await step.warehouse());
  return published.filter(({ asOf }) => asOf < step.run.windows.asOf).length;
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
  const redactor = new Redactor(step);
  const outcomes: TestOutcome[] = [];
  for (const test of ready) {
    const { passed, message } = results.get(test.name) ?? { passed: false, message: 'Jest did not run it' };
    outcomes.push({ test, outcome: passed ? 'passed' : 'failed', message: message === null ? null : await redactor.text(message) });
  }
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
