import { resolve } from 'node:path';
import type { Command } from 'commander';
import { withRecord } from '../pipeline/record.ts';
import { writeRunIndex } from '../pipeline/run-index.ts';
import { writeRunReport } from '../pipeline/run-report.ts';
import { resolveRun } from '../registry/name-run.ts';
import { type CommonOptions, configChoices, withCommon } from './options.ts';

interface ReportOptions extends CommonOptions {
  readonly output?: string;
}

/** `report`: the index over all runs, or the page of one, from the record. */
export function addReport(program: Command): void {
  withCommon(program.command('report [run]').description('write the page over all runs, or the page of one run, for a browser'))
    .option('--output <file>', 'where to write it, instead of logs/report.html, or report.html beside the run’s model')
    .addHelpText('after', '\nEach run writes its own page at its end; this writes it again, also of a run that was killed.\nA run is named by its id or a beginning of it, champion, latest, latest~2, or its as-of date.\n\nExamples:\n  run.sh report\n  run.sh report latest\n  run.sh report 2001-06-10 --output night.html')
    .action(report);
}

async function report(run: string | undefined, options: ReportOptions): Promise<void> {
  const output = options.output === undefined ? undefined : resolve(options.output);
  await withRecord(configChoices(options), async ({ places, registry, config }) => {
    const runId = run === undefined ? null : resolveRun(registry, run);
    const file = runId === null ? await writeRunIndex({ places, registry, config, output }) : await writeRunReport(places, registry, runId, output);
    process.stdout.write(options.json === true ? `${JSON.stringify({ run_id: runId, file })}\n` : `${file}\n`);
  });
}
