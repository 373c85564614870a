import { type FeatureFinding, exampleText, totalOf } from '../pipeline/replay/findings.ts';
import { replayRuns } from '../pipeline/replay/replay-runs.ts';
import { VERDICTS, type Verdict } from '../pipeline/replay/verdict.ts';
import { loadProject } from '../pipeline/prepare.ts';
import { withRecord } from '../pipeline/record.ts';
import { resolveRun } from '../registry/name-run.ts';
import { textTable } from '../report/text-table.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { Console, count } from './console.ts';
import { configChoices } from './options.ts';
import type { VerifyOptions } from './verify.ts';

const ROWS = 1000;

/** `verify --features [RUN]`: rows of the past, extracted again by the SQL of then and compared with what was kept. */
export async function verifyFeatures(run: string | undefined, options: VerifyOptions): Promise<void> {
  const console = new Console({ quiet: options.quiet === true || options.json === true });
  if (run !== undefined && options.asOf !== undefined) throw new NightshiftError({ code: 'usage', what: 'One night is named in two ways', found: `${run} and --as-of ${options.asOf}`, expected: 'one of them', exitCode: ExitCode.usage });
  const named = run ?? options.asOf;
  const choices = configChoices(options);
  const project = await loadProject(choices);
  const start = performance.now();
  const found = await withRecord(choices, ({ registry }) => {
    const runId = named === undefined ? undefined : resolveRun(registry, named);
    // Of a date all runs, since each engine may have its own.
    const ofDate = registry.runs.list({ from: runId?.slice(0, 10), to: runId?.slice(0, 10) }).map((one) => one.runId);
    return replayRuns({ project, registry, runIds: runId === undefined ? undefined : run === undefined ? ofDate : [runId], rows: options.sample ?? ROWS, talk: { log: () => undefined, progress: (text) => console.progress(text) } });
  });
  const total = totalOf(found.features);
  const seconds = (performance.now() - start) / 1000;
  for (const { run: one, why } of found.skipped) console.line(console.yellow(`! ${one} is left out: ${why}`));
  if (options.json === true) process.stdout.write(`${JSON.stringify({ rows: found.rows, runs: found.runs, skipped: found.skipped, total, features: found.features, seconds })}\n`);
  else for (const line of linesOf(found.features)) process.stdout.write(`${line}\n`);
  const isEqual = VERDICTS.every((verdict) => verdict === 'equal' || total[verdict] === 0);
  const what = `${count(found.rows)} rows of ${found.runs.length} ${found.runs.length === 1 ? 'run' : 'runs'}`;
  console.line(isEqual ? console.green(`Verified: ${count(total.equal)} values of ${what} are equal (${seconds.toFixed(1)} s)`) : console.red(`Not verified: ${words(total)} of ${what} (${seconds.toFixed(1)} s)`));
  process.exitCode = isEqual ? ExitCode.done : ExitCode.failed;
}

/** The table by feature, without verdicts that nothing got, and an example of each finding. */
function linesOf(features: readonly FeatureFinding[]): readonly string[] {
  const total = totalOf(features);
  const verdicts = VERDICTS.filter((verdict) => verdict === 'equal' || total[verdict] > 0);
  const rows = features.map(({ feature, rows: compared, counts }) => [feature, count(compared), ...verdicts.map((verdict) => count(counts[verdict]))]);
  const examples = features.flatMap(({ feature, examples: some }) => some.map((one) => `  ${one.verdict}: ${exampleText(feature, one)}`));
  return [...textTable([['feature', 'rows', ...verdicts], ...rows]), ...examples];
}

function words(total: Readonly<Record<Verdict, number>>): string {
  return VERDICTS.filter((verdict) => total[verdict] > 0).map((verdict) => `${count(total[verdict])} ${verdict}`).join(', ');
}
