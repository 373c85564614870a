import type { Command } from 'commander';
import { loadProject } from '../pipeline/prepare.ts';
import { withRecord } from '../pipeline/record.ts';
import { type Finding, tally, verifyRun } from '../pipeline/verify.ts';
import { resolveRun } from '../registry/name-run.ts';
import { ExitCode } from '../shared/errors.ts';
import { Console } from './console.ts';
import { type CommonOptions, configChoices, withCommon } from './options.ts';

/** `verify RUN`: whether a run comes out the same again. */
export function addVerify(program: Command): void {
  withCommon(program.command('verify <run>').description('run again from what a run kept, and say artefact by artefact whether it comes out equal'))
    .addHelpText('after', '\nA run is an id or its beginning, champion, latest, latest~2, or an as-of date.\n\nExamples:\n  run.sh verify champion\n  run.sh verify 2001-06-28 --json')
    .action(verify);
}

async function verify(text: string, options: CommonOptions): Promise<void> {
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
