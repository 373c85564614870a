import type { Command } from 'commander';
import { loadProject } from '../pipeline/prepare.ts';
import { withRecord } from '../pipeline/record.ts';
import { type Finding, tally, verifyRun } from '../pipeline/verify.ts';
import { resolveRun } from '../registry/name-run.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { Console } from './console.ts';
import { type CommonOptions, configChoices, wholeNumber, withAsOf, withCommon } from './options.ts';
import { verifyFeatures } from './verify-features.ts';

export interface VerifyOptions extends CommonOptions {
  readonly features?: true;
  readonly sample?: number;
}

/** `verify RUN`: whether a run comes out the same again. `verify --features`: whether features of the past do. */
export function addVerify(program: Command): void {
  withAsOf(withCommon(program.command('verify [run]').description('run again from what a run kept, and say artefact by artefact whether it comes out equal')))
    .option('--features', 'extract rows of the past again from today’s sources, and compare them value by value')
    .option('--sample <rows>', 'how many rows --features compares; 1000 unless said', wholeNumber)
    .addHelpText('after', '\nA run is an id or its beginning, champion, latest, latest~2, or an as-of date.\n\nExamples:\n  run.sh verify champion\n  run.sh verify 2001-06-28 --json\n  run.sh verify --features --sample 5000\n  run.sh verify --features --as-of 2001-06-28')
    .action(verify);
}

async function verify(run: string | undefined, options: VerifyOptions): Promise<void> {
  if (options.features === true) return verifyFeatures(run, options);
  if (run === undefined) throw usage('verify needs a run', 'none', 'a run, or --features');
  const only = (['asOf', 'sample'] as const).find((name) => options[name] !== undefined);
  if (only !== undefined) throw usage('This option goes with --features', only === 'asOf' ? '--as-of' : '--sample', `run.sh verify --features, or run.sh verify ${run} alone`);
  return verifyArtefacts(run, options);
}

function usage(what: string, found: string, expected: string): NightshiftError {
  return new NightshiftError({ code: 'usage', what, found, expected, exitCode: ExitCode.usage });
}

async function verifyArtefacts(text: string, options: CommonOptions): Promise<void> {
  const console = new Console({ quiet: options.quiet === true || options.json === true });
  const choices = configChoices(options);
  const project = await loadProject(choices);
  const findings = await withRecord(choices, ({ registry }) => {
    const run = registry.runs.detail(resolveRun(registry, text));
    if (run === undefined) throw new Error(`the record lost ${text}`);
    console.line(console.bold(`verifying run ${run.runId}`));
    return verifyRun({ project, registry, run, talk: { log: () => undefined, progress: (at) => console.progress(at) } });
  });
  const counts = tally(findings);
  if (options.json === true) process.stdout.write(`${JSON.stringify({ ...counts, findings })}\n`);
  else for (const finding of findings) process.stdout.write(`${line(finding)}\n`);
  console.line(counts.differs + counts.gone === 0 ? console.green(`Verified: ${counts.equal} of ${findings.length} equal`) : console.red(`Not verified: ${counts.equal} equal, ${counts.differs} differ, ${counts.gone} gone`));
  process.exitCode = counts.differs + counts.gone === 0 ? ExitCode.done : ExitCode.failed;
}

function line({ artefact, outcome, detail }: Finding): string {
  return `${outcome.padEnd(8)} ${artefact}${detail === null ? '' : `: ${detail}`}`;
}
