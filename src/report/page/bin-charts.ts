import type { Histogram, PredictedBin } from '../../evaluation/bins.ts';
import type { ImportanceFigure } from '../../evaluation/figures.ts';
import { SERIES, colour, figureOf, grid, intervals, legend, nameAxis, reference, valueAxis } from './chart.ts';
import { type Html, nothing } from './html.ts';
import { count, figure, percent, signed } from './words.ts';

/** The scores of each kind of rows, as shares of the kind: a rare one shows, too. */
export function scoreChart({ edges, series }: Histogram, isBinary: boolean): Html {
  const totals = series.map(({ counts }) => counts.reduce((sum, some) => sum + some, 0));
  const step = (counts: readonly number[], total: number): readonly (readonly [number, number])[] => [...counts, counts.at(-1)!].map((some, i) => [edges[i]!, total === 0 ? 0 : some / total]);
  return figureOf({
    title: 'Scores',
    about: isBinary ? 'How the scores of positive and of negative rows are spread, each as a share of its kind. The less they overlap, the better they are told apart.' : 'The probability given to the likeliest class, of rows where it was right and where it was wrong, each as a share of its kind.',
    shows: series.map(({ name }, i) => `${name}: ${count(totals[i]!)} rows`).join(', '),
    chart: {
      legend,
      grid: { ...grid, top: 32 },
      xAxis: valueAxis({ name: isBinary ? 'score' : 'probability', lines: false, format: axisFigure }, 28),
      yAxis: valueAxis({ name: 'share of rows', min: 0, format: (value) => percent(value) }, 38),
      series: series.map(({ name, counts }, i) => ({ name, type: 'line', step: 'end', symbol: 'none', data: step(counts, totals[i]!), lineStyle: { color: SERIES[i], width: 2, type: i === 0 ? 'solid' : [7, 3] }, areaStyle: { color: SERIES[i], opacity: 0.12 }, itemStyle: { color: SERIES[i] } })),
    },
    numbers: { head: ['from', 'to', ...series.map(({ name }) => name)], rows: series[0]!.counts.map((_, bin) => [figure(edges[bin]), figure(edges[bin + 1]), ...series.map(({ counts }) => count(counts[bin]!))]) },
  });
}

/** Labels less predictions. */
export function residualChart({ edges, series }: Histogram): Html {
  const counts = series[0]!.counts;
  return figureOf({
    title: 'Residuals',
    about: 'Label less prediction. The outermost bars hold everything beyond them.',
    shows: `${count(counts.reduce((sum, some) => sum + some, 0))} rows between ${figure(edges[0])} and ${figure(edges.at(-1))}`,
    chart: {
      grid: { ...grid, left: 58 },
      xAxis: nameAxis({ name: 'label less prediction', gap: 28, names: counts.map((_, bin) => axisFigure((edges[bin]! + edges[bin + 1]!) / 2)) }),
      yAxis: valueAxis({ name: 'rows', fromZero: true }, 42),
      series: [{ type: 'bar', data: counts, barCategoryGap: '8%', itemStyle: { color: SERIES[0] } }],
    },
    numbers: { head: ['from', 'to', 'rows'], rows: counts.map((rows, bin) => [figure(edges[bin]), figure(edges[bin + 1]), count(rows)]) },
  });
}

/** What was predicted against what came. */
export function predictedChart(bins: readonly PredictedBin[]): Html {
  if (bins.length === 0) return nothing;
  const ends: readonly [number, number] = [Math.min(...bins.map(({ predicted, low }) => Math.min(predicted, low))), Math.max(...bins.map(({ predicted, high }) => Math.max(predicted, high)))];
  const bars = intervals(bins.map(({ predicted, low, high }) => [predicted, low, high]));
  return figureOf({
    title: 'Predicted and actual',
    about: 'Groups of rows by prediction: the mean prediction, the mean label, and between which values eight labels in ten lie. On the dashed diagonal the two agree.',
    shows: `${bins.length} groups from ${figure(bins[0]!.predicted)} to ${figure(bins.at(-1)!.predicted)}`,
    height: 320,
    chart: {
      grid: { ...grid, left: 64 },
      xAxis: valueAxis({ name: 'mean prediction', format: axisFigure, lines: false }, 28),
      yAxis: valueAxis({ name: 'label', format: axisFigure }, 48),
      series: [reference([[ends[0], ends[0]], [ends[1], ends[1]]]), bars, { type: 'scatter', data: bins.map(({ predicted, actual }) => [predicted, actual]), symbolSize: 7, itemStyle: { color: SERIES[0] } }],
    },
    numbers: { head: ['mean prediction', 'mean label', 'tenth percentile', 'ninetieth', 'rows'], rows: bins.map(({ predicted, actual, low, high, rows }) => [figure(predicted), figure(actual), figure(low), figure(high), count(rows)]) },
  });
}

const SHOWN = 20;

/** What the model needs, the feature that it needs most at the top. */
export function importanceChart({ rows, repeats, features }: ImportanceFigure, metric: string): Html {
  if (features.length === 0) return nothing;
  const drawn = features.slice(0, SHOWN);
  const more = features.length > SHOWN ? ` The first ${SHOWN} of ${features.length} are drawn.` : '';
  const best = drawn[0]!;
  return figureOf({
    title: 'Permutation importance',
    about: `By how much ${metric} gets worse when a feature's values are dealt at random among ${count(rows)} test rows${repeats > 1 ? `, on average over ${repeats} deals` : ''}. Features that tell the same stand in for each other and so look small.${more}`,
    shows: `Most needed: ${drawn.slice(0, 3).map(({ feature, drop }) => `${feature} ${signed(drop)}`).join(', ')}`,
    height: 70 + 17 * drawn.length,
    chart: {
      grid: { left: 142, right: 20, top: 8, bottom: 46 },
      xAxis: valueAxis({ name: `by how much ${metric} gets worse`, fromZero: true, splitNumber: 3, format: axisFigure, min: Math.min(0, ...drawn.map(({ drop }) => drop)) === 0 ? 0 : undefined }, 28),
      yAxis: { ...nameAxis({ names: drawn.map(({ feature }) => feature), label: { width: 132, overflow: 'truncate', interval: 0, hideOverlap: false, color: colour.ink } }), inverse: true },
      series: [{ type: 'bar', data: drawn.map(({ drop }) => drop), barWidth: 9, itemStyle: { color: SERIES[0], opacity: best.drop > 0 ? 1 : 0.6 } }],
    },
    numbers: { head: ['feature', `${metric} worse by`, 'least', 'most'], rows: features.map(({ feature, drop, low, high }) => [feature, signed(drop), signed(low), signed(high)]) },
  });
}

/** Short enough for an axis. */
export function axisFigure(value: number): string {
  const size = Math.abs(value);
  const sign = value < 0 ? '−' : '';
  if (size >= 1e6) return `${sign}${Number((size / 1e6).toPrecision(3))}M`;
  if (size >= 10_000) return `${sign}${Number((size / 1000).toPrecision(3))}k`;
  return `${sign}${Number(size.toPrecision(3))}`;
}
