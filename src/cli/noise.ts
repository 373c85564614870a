import { type Command, InvalidArgumentError } from 'commander';
import { measureNoise } from '../pipeline/noise.ts';
import { loadProject } from '../pipeline/prepare.ts';
import { withRecordAlone } from '../pipeline/record.ts';
import { resolveRun } from '../registry/name-run.ts';
import { textTable } from '../report/text-table.ts';
import { Console } from './console.ts';
import { type CommonOptions, configChoices, withCommon } from './options.ts';

interface NoiseOptions extends CommonOptions {
  readonly seeds: number;
}

/** `noise`: how much of a difference between two models is the seed's. */
export function addNoise(program: Command): void {
  withCommon(program.command('noise [run]').description('train a run’s model with other seeds, and record how far its metrics spread: gates allow for it'))
    .option('--seeds <n>', 'so many trainings', checkedSeeds, 5)
    .addHelpText('after', '\nA run is an id or its beginning, champion, latest, latest~2, or an as-of date; latest unless said.\n\nExamples:\n  run.sh noise\n  run.sh noise champion --seeds 8')
    .action(noise);
}

async function noise(text: string | undefined, options: NoiseOptions): Promise<void> {
  const console = new Console({ quiet: options.quiet === true || options.json === true });
  const choices = configChoices(options);
  const project = await loadProject(choices);
  const { runId, found } = await withRecordAlone(choices, async ({ registry }) => {
    const run = registry.runs.detail(resolveRun(registry, text ?? 'latest'));
    if (run === undefined) throw new Error('the record lost a run');
    const measured = await measureNoise({ project, run, seeds: options.seeds, talk: { log: () => undefined, progress: (at) => console.progress(at) } });
    registry.recordNoise(run, measured);
    return { runId: run.runId, found: measured };
  });
  if (options.json === true) process.stdout.write(`${JSON.stringify({ run_id: runId, noise: found })}\n`);
  else for (const line of textTable([['metric', 'seeds', 'standard deviation'], ...found.map(({ metric, seeds, deviation }) => [metric, String(seeds), deviation.toPrecision(3)])], '')) process.stdout.write(`${line}\n`);
  console.line(console.green(`Recorded for run ${runId}: gates of nights from its as-of date on allow for it`));
}

function checkedSeeds(value: string): number {
  const seeds = Number(value);
  if (!Number.isInteger(seeds) || seeds < 2 || seeds > 100) throw new InvalidArgumentError('Expected a whole number from 2 to 100.');
  return seeds;
}
