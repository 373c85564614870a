import type { MetricInfo } from '../evaluation/task-metrics.ts';
import type { Outcome } from '../registry/outcomes.ts';
import { changeText, figureText, percentText, wholeText } from './comparison-numbers.ts';
import type { Section } from './comparison-section.ts';

/** What is shown of outcomes: those of one metric. */
export interface ShownOutcomes {
  readonly metric: MetricInfo;
  readonly nights: readonly Outcome[];
  readonly models: readonly Outcome[];
  readonly ages: readonly Outcome[];
  readonly recent: Outcome | null;
  /** Days from a model's as-of date to the night that it scored. */
  readonly ageAt: (modelRun: string, asOf: string) => number;
}

/** Outcomes as parts of a page: by the night that scored, by model, by the model's age. */
export function outcomeSections({ metric, nights, models, ages, recent, ageAt }: ShownOutcomes): readonly Section[] {
  const head = ['rows', 'known', metric.title, 'interval', 'promised', 'difference'];
  return [
    { title: 'By scoring date', words: 2, table: [['as of', 'model', 'age', ...head], ...nights.map((one) => [one.asOf, one.modelRun ?? '', daysText(ageAt(one.modelRun ?? '', one.asOf)), ...cells(one, metric)])] },
    { title: 'By model, its last nights', words: 3, table: [['model', 'nights', '', ...head, ''], ...models.map((one) => [one.name, nightsText(one), `${one.nights}`, ...cells(one, metric), verdictText(one)])] },
    { title: 'By age of the model', table: [['age', 'nights', ...head], ...ages.map((one) => [one.name, `${one.nights}`, ...cells(one, metric)])] },
    ...(recent === null ? [] : [{ title: `The last ${lastNights(recent)}, ${nightsText(recent)}`, notes: [`${recent.reason}${recent.verdict === 'unclear' ? '' : `, ${verdictText(recent)}`}.`] }]),
  ];
}

function cells({ rows, labelled, metrics }: Outcome, { name }: MetricInfo): readonly string[] {
  const { value = null, low = null, high = null, promised = null } = metrics.find((one) => one.metric === name) ?? {};
  return [wholeText(rows), percentText(labelled / rows), figureText(value), low === null || high === null ? '' : `${figureText(low)} to ${figureText(high)}`, figureText(promised), value === null || promised === null ? '–' : changeText(value - promised)];
}

function daysText(days: number): string {
  return days === 1 ? '1 day' : `${days} days`;
}

function nightsText({ fromAsOf, asOf }: Outcome): string {
  return fromAsOf === asOf ? asOf : `${fromAsOf} to ${asOf}`;
}

/** `night`, or `7 nights`. */
export function lastNights({ nights }: Pick<Outcome, 'nights'>): string {
  return nights === 1 ? 'night' : `${nights} nights`;
}

/** The verdict of several nights in words. */
export function verdictText({ verdict }: Pick<Outcome, 'verdict'>): string {
  return { kept: 'within noise', broken: 'below by more than noise', unclear: 'unclear' }[verdict] ?? '';
}
