import type { ComparedMetric, ComparedRun, Comparison, Difference, Figure, NotComparable, Paired, PairedMetric } from './comparison.ts';
import { changeText, durationText, figureText, percentText, wholeText } from './comparison-numbers.ts';
import type { Section } from './comparison-section.ts';
import { verdictText } from './outcomes-tables.ts';

/** Above so many runs, they stand below each other. */
const SIDE_BY_SIDE = 4;
/** Changes of one thing that a line shows. */
const SHOWN_CHANGES = 3;

/** A comparison as parts of a page. */
export function comparisonSections(comparison: Comparison): readonly Section[] {
  const { runs, paired } = comparison;
  return [runsSection(comparison), metricsSection(comparison), ...outcomesSection(comparison), ...(paired === null ? [] : [pairedSection(paired, runs)]), differencesSection(comparison)];
}

function runsSection({ runs, task, target }: Comparison): Section {
  const rows = runs.map((run) => [run.runId, run.asOf, run.mode, run.status, run.family ?? '–', marksOf(run), durationText(run.seconds)]);
  const notes = runs.filter(({ missing }) => missing.length > 0).map(({ runId, missing }) => `${runId}: ${missing.join('; ')}`);
  return { title: `Runs: ${task}, ${target}`, table: [['run', 'as of', 'mode', 'status', 'model', '', 'took'], ...rows], words: 6, notes };
}

/** Champion, published or neither. */
export function marksOf({ champion, published }: Pick<ComparedRun, 'champion' | 'published'>): string {
  return champion ? 'champion' : published ? 'published' : '';
}

function metricsSection({ runs, metrics }: Comparison): Section {
  const title = 'Metrics, each run on its own test batch';
  if (metrics.length === 0) return { title, notes: ['none of these runs has any'] };
  const table = runs.length <= SIDE_BY_SIDE ? beside(runs, metrics) : below(runs, metrics);
  return { title, table, notes: runs.length === 1 ? [] : ['In brackets the change against the first run.'] };
}

/** What became of the scores that the models published; nothing where no run has any. */
function outcomesSection({ runs, metrics, outcomes }: Comparison): readonly Section[] {
  if (outcomes.every((outcome) => outcome === null)) return [];
  const rows = runs.flatMap(({ runId }, i) => {
    const outcome = outcomes[i] ?? null;
    if (outcome === null) return [[runId, '–', '', '', '', '', '', '']];
    return metrics.flatMap(({ name, title }) => outcome.metrics.filter(({ metric, promised }) => metric === name && promised !== null).map((one) => [runId, title, wholeText(outcome.nights), wholeText(outcome.labelled), `${figureText(one.value)}${bounds(one)}`, figureText(one.promised), one.value === null ? '–' : changeText(one.value - one.promised!), name === outcome.metric ? verdictText(outcome) : '']));
  });
  return [{ title: 'What came true: scores that the models published', words: 2, table: [['run', '', 'nights', 'labelled', 'came true', 'promised', 'difference', ''], ...rows], notes: ['Of each model its last nights, as known when run.sh outcomes or a night last looked; promised is what its test batch gave in parts as long as a night.'] }];
}

function beside(runs: readonly ComparedRun[], metrics: readonly ComparedMetric[]): readonly (readonly string[])[] {
  return [['', ...runs.map(({ runId }) => runId)], ...metrics.map((metric) => [metric.title, ...metric.figures.map((_, i) => figureCell(metric, i))])];
}

function below(runs: readonly ComparedRun[], metrics: readonly ComparedMetric[]): readonly (readonly string[])[] {
  return [['run', ...metrics.map(({ title }) => title)], ...runs.map(({ runId }, i) => [runId, ...metrics.map((metric) => figureCell(metric, i))])];
}

function figureCell({ figures }: ComparedMetric, i: number): string {
  const [first, figure] = [figures[0]?.value ?? null, figures[i] ?? null];
  if (figure === null || figure.value === null) return '–';
  const change = i === 0 || first === null ? '' : ` (${changeText(figure.value - first)})`;
  return `${figureText(figure.value)}${bounds(figure)}${change}`;
}

function bounds({ low, high }: Pick<Figure, 'low' | 'high'>): string {
  return low === null || high === null ? '' : ` [${figureText(low)}, ${figureText(high)}]`;
}

function pairedSection(paired: Paired | NotComparable, runs: readonly ComparedRun[]): Section {
  const title = 'On the rows that both test batches have';
  if ('why' in paired) return { title, notes: [`Not comparable: ${paired.why}`] };
  const rows = paired.metrics.map((metric) => [metric.title, figureText(metric.first), figureText(metric.second), changeText(metric.difference), intervalCell(metric), verdict(metric)]);
  const left = [[paired.onlyFirst, runs[0]], [paired.onlySecond, runs[1]]] as const;
  const alone = left.filter(([count]) => count > 0).map(([count, run]) => `${wholeText(count)} only in that of ${run?.runId ?? ''}`);
  const said = `${wholeText(paired.rows)} rows${alone.length === 0 ? '' : `; ${alone.join(', ')}`}. Intervals: ${percentText(paired.level)}, paired bootstrap of ${wholeText(paired.resamples)} resamples.`;
  return { title, table: [['', ...runs.map(({ runId }) => runId), 'change', 'interval of the change', ''], ...rows], notes: [said, ...paired.notes] };
}

function intervalCell({ low, high }: PairedMetric): string {
  return low === null || high === null ? '' : `${changeText(low)} to ${changeText(high)}`;
}

/** What an interval that leaves out 0 says, by the metric's direction. */
function verdict({ low, high, direction }: PairedMetric): string {
  if (low === null || high === null || direction === 'none') return '';
  if (low <= 0 && high >= 0) return 'no clear change';
  return low > 0 === (direction === 'higher') ? 'better' : 'worse';
}

function differencesSection({ differences, runs }: Comparison): Section {
  const title = 'What differs';
  if (runs.length === 1) return { title, notes: ['one run alone differs from nothing'] };
  if (differences.length === 0) return { title, notes: ['nothing that is recorded'] };
  return { title, words: 3, table: [['what', 'name', runs.length === 2 ? 'from → to' : 'first → from a run on'], ...differences.map((one) => [one.kind, one.name, changesOf(one, runs)])] };
}

/** Values along the runs, each where it begins. */
function changesOf({ values }: Difference, runs: readonly ComparedRun[]): string {
  const begins = values.flatMap((value, i) => (i > 0 && value === values[i - 1] ? [] : [{ text: value ?? 'none', run: runs[i]?.runId ?? '' }]));
  const shown = begins.slice(0, SHOWN_CHANGES + 1).map(({ text, run }, i) => (i === 0 || runs.length === 2 ? text : `${text} (${run})`));
  const more = begins.length - shown.length;
  return `${shown.join(' → ')}${more > 0 ? ` → and ${more} more` : ''}`;
}
