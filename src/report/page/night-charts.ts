import type { MetricInfo } from '../../evaluation/task-metrics.ts';
import { axisFigure } from './bin-charts.ts';
import { SERIES, colour, figureOf, intervals, legend, nameAxis, valueAxis } from './chart.ts';
import type { Html } from './html.ts';
import type { IndexRun } from './run-report.ts';
import { figure, outcomeOf, percent, seconds } from './words.ts';

const wideGrid = { left: 64, right: 16, top: 34, bottom: 46 } as const;

/** A metric night by night; the nights whose model became champion are filled. */
export function metricChart(nights: readonly IndexRun[], { title, direction }: MetricInfo): Html {
  const bars = intervals(nights.flatMap(({ asOf, low, high }) => (low === null || high === null ? [] : [[asOf, low, high] as const])));
  const points = (isChampion: boolean): readonly (readonly [string, number | null])[] => nights.filter(({ wasChampion }) => wasChampion === isChampion).map(({ asOf, value }) => [asOf, value]);
  const champions = nights.filter(({ wasChampion }) => wasChampion);
  const real = nights.filter((night) => night.real?.value != null);
  return figureOf({
    title: `${title} of each night’s model on its own test batch`,
    about: `Of the model that each night trained, with the interval where there is one; ${direction === 'none' ? 'neither way is better' : `${direction} is better`}. A filled diamond became champion, a hollow circle did not; a triangle is what the scores published that night came to once their labels were known. Test batches differ from night to night: compare models on the same rows with run.sh compare.`,
    shows: `${nights.length} nights from ${nights[0]!.asOf} to ${nights.at(-1)!.asOf}, ${champions.length} of them with a new champion`,
    height: 300,
    wide: true,
    chart: {
      legend: { ...legend, icon: undefined, itemWidth: 11, itemHeight: 11, data: ['became champion', 'did not', ...(real.length === 0 ? [] : ['came true'])] },
      grid: wideGrid,
      xAxis: nameAxis({ name: 'as of', names: nights.map(({ asOf }) => asOf), gap: 28 }),
      yAxis: valueAxis({ name: title, format: axisFigure }, 48),
      series: [
        { type: 'line', data: nights.map(({ asOf, value }) => [asOf, value]), symbol: 'none', silent: true, lineStyle: { color: SERIES[0], width: 1.5, opacity: 0.6 } },
        bars,
        { name: 'became champion', type: 'scatter', data: points(true), symbol: 'diamond', symbolSize: 12, itemStyle: { color: SERIES[0] } },
        { name: 'did not', type: 'scatter', data: points(false), symbol: 'circle', symbolSize: 8, itemStyle: { color: colour.paper, borderColor: SERIES[1], borderWidth: 2 } },
        { name: 'came true', type: 'scatter', data: real.map((night) => [night.asOf, night.real!.value]), symbol: 'triangle', symbolSize: 9, itemStyle: { color: SERIES[2] } },
      ],
    },
    numbers: {
      head: ['as of', title, 'from', 'to', 'came true', 'from', 'to', 'label known', 'outcome', 'champion', 'run'],
      words: [8, 9, 10],
      rows: nights.map((night) => [night.asOf, figure(night.value), figure(night.low), figure(night.high), ...realCells(night), outcomeOf(night).word, night.wasChampion ? 'yes' : 'no', night.runId]),
    },
  });
}

function realCells({ real }: IndexRun): readonly string[] {
  return real === null ? ['–', '–', '–', '–'] : [figure(real.value), figure(real.low), figure(real.high), percent(real.labelled / real.rows, 1)];
}

/** What each step took, night by night, one on the other. */
export function stepTimesChart(nights: readonly IndexRun[]): Html {
  const steps = [...new Set(nights.flatMap(({ steps: some }) => some.map(({ step }) => step)))].sort();
  return figureOf({
    title: 'Seconds of each step',
    about: 'One on the other, so that the top of a column is what the night took.',
    shows: `${nights.length} nights, the last one ${seconds(together(nights.at(-1)!))}`,
    height: 320,
    wide: true,
    chart: {
      legend: { ...legend, icon: 'rect', itemWidth: 10, itemHeight: 10 },
      grid: { ...wideGrid, top: 40 },
      xAxis: nameAxis({ name: 'as of', names: nights.map(({ asOf }) => asOf), gap: 28 }),
      yAxis: valueAxis({ name: 'seconds', fromZero: true }, 40),
      series: steps.map((step, i) => ({ name: step, type: 'bar', stack: 'night', barMaxWidth: 36, data: nights.map((night) => secondsOf(night, step)), itemStyle: { color: SERIES[i % 8], borderColor: colour.paper, borderWidth: 1 } })),
    },
    numbers: { head: ['as of', ...steps, 'together'], rows: nights.map((night) => [night.asOf, ...steps.map((step) => seconds(secondsOf(night, step))), seconds(together(night))]) },
  });
}

function secondsOf(night: IndexRun, step: string): number {
  return night.steps.find((one) => one.step === step)?.seconds ?? 0;
}

function together({ steps }: IndexRun): number {
  return steps.reduce((sum, step) => sum + step.seconds, 0);
}
