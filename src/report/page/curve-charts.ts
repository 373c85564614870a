import type { CalibrationBin } from '../../evaluation/bins.ts';
import type { Point, RocCurve } from '../../evaluation/curves.ts';
import type { TrainingSummary } from '../../model/family.ts';
import { SERIES, colour, figureOf, grid, intervals, legend, reference, valueAxis } from './chart.ts';
import { type Html, nothing } from './html.ts';
import { count, figure, percent } from './words.ts';

const DASHES = ['solid', [7, 3], [2, 2], [9, 3, 2, 3]] as const;

/** The receiver operating characteristic: one curve, or one a class. */
export function rocChart(curves: readonly RocCurve[]): Html {
  const drawn = curves.filter(({ points }) => points.length > 0);
  if (drawn.length === 0) return nothing;
  const isOne = curves.length === 1;
  const series = drawn.map(({ name, points }, i) => ({ name, type: 'line', data: points, symbol: 'none', lineStyle: { color: SERIES[i % 8], width: 2, type: DASHES[Math.floor(i / 2) % 4] }, itemStyle: { color: SERIES[i % 8] } }));
  return figureOf({
    title: isOne ? 'ROC' : 'ROC, each class against the rest',
    about: isOne ? 'Of the positives, the share found, against the share of negatives taken with them, over all thresholds. On the dashed diagonal scores tell nothing.' : 'Of a class, the share found, against the share of other rows taken with it. On the dashed diagonal scores tell nothing.',
    shows: drawn.map(({ name, auc }) => `${name} area ${figure(auc)}`.trim()).join(', '),
    height: isOne ? 320 : 360,
    chart: {
      legend: isOne ? undefined : legend,
      grid: { ...grid, top: isOne ? 16 : 66 },
      xAxis: valueAxis({ name: 'false positive rate', min: 0, max: 1 }, 28),
      yAxis: valueAxis({ name: 'true positive rate', min: 0, max: 1 }, 36),
      series: [reference([[0, 0], [1, 1]]), ...series],
    },
    numbers: {
      head: [...(isOne ? [] : ['class']), 'false positive rate', 'true positive rate'],
      rows: drawn.flatMap(({ name, points }) => points.map(([x, y]) => [...(isOne ? [] : [name]), x.toFixed(4), y.toFixed(4)])),
    },
  });
}

/** Precision against recall; the dashed line is the share of positives. */
export function precisionRecallChart(points: readonly Point[], share: number): Html {
  if (points.length === 0) return nothing;
  return figureOf({
    title: 'Precision and recall',
    about: `Of what is called positive, the share that is, against the share of positives found. The dashed line, at ${percent(share, 1)}, is what calling everything positive gives.`,
    shows: `From precision ${figure(points[0]![1])} at recall ${figure(points[0]![0])} down to ${figure(share)} at recall 1`,
    height: 320,
    chart: {
      grid,
      xAxis: valueAxis({ name: 'recall', min: 0, max: 1 }, 28),
      yAxis: valueAxis({ name: 'precision', min: 0, max: 1 }, 36),
      series: [reference([[0, share], [1, share]]), { type: 'line', data: points, symbol: 'none', lineStyle: { color: SERIES[0], width: 2 } }],
    },
    numbers: { head: ['recall', 'precision'], rows: points.map(([x, y]) => [x.toFixed(4), y.toFixed(4)]) },
  });
}

/** Predicted probability against what happened, with intervals. */
export function calibrationChart(bins: readonly CalibrationBin[]): Html {
  if (bins.length === 0) return nothing;
  const top = niceTop(Math.max(...bins.flatMap(({ predicted, high }) => [predicted, high])));
  const bars = intervals(bins.map(({ predicted, low, high }) => [predicted, low, high]));
  return figureOf({
    title: 'Calibration',
    about: 'Ten groups of rows by score: the mean score, and the share that was positive, with its 95% interval. On the dashed diagonal the two agree.',
    shows: bins.map(({ predicted, observed }) => `${figure(predicted)} came to ${figure(observed)}`).join(', '),
    height: 320,
    chart: {
      grid,
      xAxis: valueAxis({ name: 'mean score', min: 0, max: top }, 28),
      yAxis: valueAxis({ name: 'share of positives', min: 0, max: top }, 36),
      series: [reference([[0, 0], [top, top]]), bars, { type: 'line', data: bins.map(({ predicted, observed }) => [predicted, observed]), symbol: 'circle', symbolSize: 7, lineStyle: { color: SERIES[0], width: 2 }, itemStyle: { color: SERIES[0] } }],
    },
    numbers: {
      head: ['mean score', 'share of positives', 'from', 'to', 'rows'],
      rows: bins.map(({ predicted, observed, low, high, rows }) => [figure(predicted), figure(observed), figure(low), figure(high), count(rows)]),
    },
  });
}

/** The end of an axis from 0: the next of 1, 2, 2.5 and 5 tenths, hundredths and so on; never above 1. */
function niceTop(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(Math.max(value, 1e-9)));
  return Math.min(1, [1, 2, 2.5, 4, 5, 6, 8, 10].map((step) => step * unit).find((end) => end >= value) ?? 10 * unit);
}

/** Loss by round on the rows trained on and on those held out. */
export function trainingChart({ curve, unit, bestRound }: TrainingSummary): Html {
  if (curve.length < 2) return nothing;
  const held = curve.filter(({ validationLoss }) => validationLoss !== null);
  const thin = Math.ceil(curve.length / 200);
  const best = { symbol: 'none', silent: true, lineStyle: { color: colour.muted, width: 1, type: [4, 4] }, label: { show: false }, data: [{ xAxis: bestRound }] };
  const lines = [
    { name: 'trained on', data: curve.map(({ round, trainLoss }) => [round, trainLoss]), lineStyle: { color: SERIES[0], width: 2, type: [7, 3] }, itemStyle: { color: SERIES[0] } },
    { name: 'held out', data: held.map(({ round, validationLoss }) => [round, validationLoss]), lineStyle: { color: SERIES[1], width: 2 }, itemStyle: { color: SERIES[1] }, markLine: best },
  ];
  return figureOf({
    title: 'Training',
    about: `Loss by ${unit}, on the rows trained on and on rows held out. What was kept is ${unit} ${bestRound}, at the dashed line.`,
    shows: `${curve.length} ${unit}s, the best of them ${bestRound}`,
    chart: {
      legend,
      grid: { ...grid, top: 32 },
      xAxis: valueAxis({ name: unit, lines: false, min: 'dataMin', max: 'dataMax' }, 28),
      yAxis: valueAxis({ name: 'loss' }, 38),
      series: lines.map((line) => ({ type: 'line', symbol: 'none', ...line })),
    },
    numbers: {
      head: [unit, 'trained on', 'held out'],
      rows: curve.filter(({ round }, i) => i % thin === 0 || i === curve.length - 1 || round === bestRound).map(({ round, trainLoss, validationLoss }) => [count(round), figure(trainLoss), figure(validationLoss)]),
    },
  });
}
