import type { Command } from 'commander';
import { type Record, withRecord } from '../pipeline/record.ts';
import type { Registry } from '../registry/registry.ts';
import type { Section } from '../report/comparison-section.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { Console } from './console.ts';
import { type CommonOptions, collected, configChoices, wholeNumber, withCommon } from './options.ts';

interface CompareOptions extends CommonOptions {
  readonly last?: number;
  readonly metric: readonly string[];
  readonly rows?: boolean;
  readonly on?: string;
  readonly markdown?: boolean;
  readonly html?: boolean;
}

/** `compare`: runs beside each other, and what differs between them. */
export function addCompare(program: Command): void {
  withCommon(program.command('compare [runs...]').description('show runs beside each other, with what differs between them; champion and latest unless named'))
    .option('--last <count>', 'the last so many nights', wholeNumber)
    .option('--metric <name>', 'only this metric, with the interval of its change; may be repeated', collected, [])
    .option('--rows', 'let two models predict one kept test batch, and show where they disagree')
    .option('--on <run>', 'with --rows: on the test batch of this run; of the first one unless said')
    .option('--markdown', 'Markdown on stdout')
    .option('--html', 'one HTML page on stdout')
    .addHelpText('after', '\nA run is named by its id or its beginning, champion, latest, latest~2, or an as-of date. Changes are against the first.\n\nExamples:\n  run.sh compare\n  run.sh compare latest~1 latest --metric auc --metric ece\n  run.sh compare --last 14 --metric auc --markdown\n  run.sh compare champion latest --rows\n  run.sh compare 2001-06-27 2001-06-29 --rows --on 2001-06-28 --json')
    .action(compare);
}

/** A comparison in both of its shapes. */
interface Found {
  readonly title: string;
  readonly json: unknown;
  readonly sections: readonly Section[];
}

async function compare(names: readonly string[], options: CompareOptions): Promise<void> {
  checkOptions(names, options);
  const console = new Console({ quiet: options.quiet === true || options.json === true });
  const found = await withRecord(configChoices(options), async (record) => {
    const runIds = await chosen(record.registry, names, { ...options, console });
    return options.rows === true ? rowsOf(record, runIds, { on: options.on, console }) : runsOf(record, runIds, options.metric);
  });
  process.stdout.write(await rendered(found, options));
}

function checkOptions(names: readonly string[], { last, rows, on, json, markdown, html }: CompareOptions): void {
  const shapes = [json === true ? '--json' : '', markdown === true ? '--markdown' : '', html === true ? '--html' : ''].filter((name) => name !== '');
  if (shapes.length > 1) throw usage('These contradict each other', shapes.join(' and '));
  if (last !== undefined && names.length > 0) throw usage('compare takes runs or --last, not both', `--last and ${names.length} runs`);
  if (last !== undefined && rows === true) throw usage('--rows compares two runs', '--last');
  if (on !== undefined && rows !== true) throw usage('--on says on which batch --rows is, and --rows was not said', '--on alone');
}

function usage(what: string, found: string): NightshiftError {
  return new NightshiftError({ code: 'usage', what, found, fix: 'run.sh compare --help shows examples', exitCode: ExitCode.usage });
}

/** The runs' ids; those of `--last` in the order of their dates. A run that is named twice is compared with itself. */
async function chosen(registry: Registry, names: readonly string[], { last, rows, console }: CompareOptions & { readonly console: Console }): Promise<readonly string[]> {
  if (last !== undefined) return registry.runs.finishedNights(0, last).toReversed();
  const { resolveRun } = await import('../registry/name-run.ts');
  const runIds = names.length === 0 ? standard(registry, console) : [...new Set(names.map((name) => resolveRun(registry, name)))];
  if (rows === true && runIds.length !== 2) throw usage('--rows compares two models', runIds.join(', '));
  return runIds;
}

/** Champion and latest; where these are one, the night before and the latest. */
function standard(registry: Registry, console: Console): readonly string[] {
  const [latest, before] = registry.runs.finishedNights(0, 2);
  const champion = registry.champions.latest()?.modelRun;
  const known = [champion ?? before, latest].filter((runId) => runId !== undefined);
  if (champion !== latest || before === undefined) return [...new Set(known)];
  console.line(`The latest night is the champion: beside it stands the night before.`);
  return [before, latest].filter((runId) => runId !== undefined);
}

async function runsOf(record: Record, runIds: readonly string[], metrics: readonly string[]): Promise<Found> {
  const [{ compareRuns }, { comparisonSections }] = await Promise.all([import('../pipeline/comparison/compare.ts'), import('../report/comparison-tables.ts')]);
  const comparison = await compareRuns(record, { runIds, metrics });
  return { title: `Comparison of ${runIds.length} runs`, json: comparison, sections: comparisonSections(comparison) };
}

async function rowsOf(record: Record, [first = '', second = '']: readonly string[], { on, console }: { on: string | undefined; console: Console }): Promise<Found> {
  const [{ compareRows }, { rowsSections }, { resolveRun }] = await Promise.all([import('../pipeline/comparison/compare-rows.ts'), import('../report/comparison-rows-tables.ts'), import('../registry/name-run.ts')]);
  const batch = on === undefined ? first : resolveRun(record.registry, on);
  const comparison = await compareRows(record, { first, second, on: batch, progress: (text) => console.progress(text) });
  return { title: `Rows of ${first} and ${second}`, json: comparison, sections: rowsSections(comparison) };
}

async function rendered({ title, json, sections }: Found, options: CompareOptions): Promise<string> {
  if (options.json === true) return `${JSON.stringify((await import('../report/comparison-json.ts')).snakeJson(json))}\n`;
  if (options.html === true) return (await import('../report/comparison-html.ts')).sectionsHtml(title, sections);
  const { sectionsMarkdown, sectionsText } = await import('../report/comparison-section.ts');
  return options.markdown === true ? sectionsMarkdown(sections) : sectionsText(sections);
}
