import { type Command, Option } from 'commander';
import type { ListedRun, Listing } from '../pipeline/comparison/listing.ts';
import { type Record, withRecord } from '../pipeline/record.ts';
import { Console, count } from './console.ts';
import { type CommonOptions, calendarDay, collected, configChoices, wholeNumber, withCommon } from './options.ts';

interface RunsOptions extends CommonOptions {
  readonly last: number;
  readonly from?: string;
  readonly to?: string;
  readonly status?: string;
  readonly sort: string;
  readonly metric: readonly string[];
  readonly all?: boolean;
}

const STATUSES = ['done', 'refused', 'checks_failed', 'late', 'failed', 'tried', 'interrupted', 'killed', 'running'];

/** `runs`: what has run, and all that is recorded of one run. */
export function addRuns(program: Command): void {
  withCommon(program.command('runs [run]').description('list the runs, the latest first, or show all that is recorded of one'))
    .option('--last <count>', 'so many at most', wholeNumber, 30)
    .option('--from <date>', 'from this as-of date on', calendarDay)
    .option('--to <date>', 'up to this as-of date', calendarDay)
    .addOption(new Option('--status <status>', 'only runs that ended so').choices(STATUSES))
    .option('--sort <key>', 'as-of, started, seconds, status, or a metric: the latest, the longest, the best first', 'as-of')
    .option('--metric <name>', 'a metric beside the primary one; may be repeated', collected, [])
    .option('--all', 'tries and single steps, too')
    .addHelpText('after', '\nA run is named by its id or its beginning, champion, latest, latest~2, or an as-of date.\n\nExamples:\n  run.sh runs\n  run.sh runs --last 5 --metric log_loss --sort log_loss\n  run.sh runs --from 2001-06-01 --status refused\n  run.sh runs latest\n  run.sh runs 2001-06-27 --json')
    .action(runs);
}

async function runs(run: string | undefined, options: RunsOptions): Promise<void> {
  await withRecord(configChoices(options), async (record) => {
    if (run !== undefined) return show(record, run, options);
    const { listRuns } = await import('../pipeline/comparison/listing.ts');
    const { all = false, metric: metrics, ...request } = options;
    await list(await listRuns(record, { ...request, metrics, all }), options);
  });
}

async function show({ registry, places }: Record, run: string, options: RunsOptions): Promise<void> {
  const [{ resolveRun }, { secondsOf, withRunning }, { runSections }, { sectionsText }, { snakeJson }] = await Promise.all([import('../registry/name-run.ts'), import('../pipeline/comparison/running.ts'), import('../report/comparison-run.ts'), import('../report/comparison-section.ts'), import('../report/comparison-json.ts')]);
  const detail = registry.runs.detail(resolveRun(registry, run));
  for (const found of await withRunning(places, detail === undefined ? [] : [detail])) {
    const shown = { ...found, isChampion: registry.champions.latest()?.modelRun === found.runId, seconds: secondsOf(found) };
    process.stdout.write(options.json === true ? `${JSON.stringify(snakeJson(shown, ['inputs', 'versions']))}\n` : sectionsText(runSections(shown)));
  }
}

async function list(listing: Listing, options: RunsOptions): Promise<void> {
  const [{ textTable }, { snakeJson }, numbers, { marksOf }] = await Promise.all([import('../report/text-table.ts'), import('../report/comparison-json.ts'), import('../report/comparison-numbers.ts'), import('../report/comparison-tables.ts')]);
  const { runs, total, metrics } = listing;
  const console = new Console({ quiet: options.quiet === true || options.json === true });
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(snakeJson({ total, runs }, ['metrics']))}\n`);
    return;
  }
  const cells = (run: ListedRun): readonly string[] => [run.runId, run.asOf, run.mode, run.status, run.family ?? '–', marksOf({ ...run, champion: run.isChampion }), ...metrics.map((name) => numbers.figureText(run.metrics[name] ?? null)), numbers.durationText(run.seconds)];
  if (runs.length > 0) process.stdout.write(`${textTable([['run', 'as of', 'mode', 'status', 'model', '', ...metrics, 'took'], ...runs.map(cells)], '', 6).join('\n')}\n`);
  else console.line('No run is like that.');
  if (total > runs.length) console.line(`${count(runs.length)} of ${count(total)} runs; --last ${total} shows all.`);
}
