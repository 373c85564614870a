import type { Task } from '../dataset/contract.ts';
import { textTable } from '../report/text-table.ts';
import { count } from './count.ts';
import { LOSS } from './loss.ts';
import { type Means, meansOf } from './means.ts';
import type { FamilyQuality, TableQuality } from './quality.ts';
import { ratiosOfFamilies } from './quality-ratios.ts';
import type { Ratios } from './ratios.ts';

interface Measure {
  readonly title: string;
  /** Ours over the peer's; not where that means nothing. */
  readonly ratio?: (ratios: Ratios) => number | null;
  readonly of: (means: Means, task: Task) => number | null | undefined;
  readonly text: (value: number) => string;
}

/** What is read beside the loss. */
const SCORE: Readonly<Record<Task, string>> = { binary: 'auc', multiclass: 'accuracy', regression: 'r2' };

const MEASURES: readonly Measure[] = [
  { title: 'log loss, or RMSE', of: ({ metrics }, task) => metrics[LOSS[task]], text: significant, ratio: ({ loss }) => loss },
  { title: 'AUC, accuracy of classes, or R²', of: ({ metrics }, task) => metrics[SCORE[task]], text: (value) => value.toFixed(4) },
  { title: 'training, s', of: ({ trainSeconds }) => trainSeconds, text: (value) => value.toFixed(1), ratio: ({ trainSeconds }) => trainSeconds },
  { title: 'training, CPU s', of: ({ trainCpuSeconds }) => trainCpuSeconds, text: (value) => value.toFixed(1), ratio: ({ trainCpuSeconds }) => trainCpuSeconds },
  { title: 'peak, MB', of: ({ peakMb }) => peakMb, text: (value) => value.toFixed(0), ratio: ({ peakMb }) => peakMb },
  { title: 'predicted, rows/s', of: ({ predictRowsPerSecond }) => predictRowsPerSecond, text: count, ratio: ({ predictRowsPerSecond }) => predictRowsPerSecond },
];

/** A table a measure: a line a table, the families side by side. */
export function qualityLines(tables: readonly TableQuality[], seeds: number): readonly string[] {
  const mean = seeds > 1 ? `, the mean of ${seeds} seeds` : '';
  const shapes = tables.map(({ name, shape, testRows }) => {
    const { task, classes, features } = shape.contract;
    const numbers = features.filter(({ kind }) => kind === 'number').length;
    return [name, `${task}${task === 'multiclass' ? ` of ${classes.length}` : ''}`, count(shape.trainRows), count(testRows), String(numbers), String(features.length - numbers)];
  });
  const lines = textTable([['', 'task', 'rows', 'test rows', 'numbers', 'categories'], ...shapes]);
  for (const measure of MEASURES) lines.push('', `${measure.title}${mean}`, ...textTable(cellsOf(measure, tables)));
  if (seeds > 1) lines.push('', `${MEASURES[0]!.title} of each seed`, ...textTable(seedCells(MEASURES[0]!, tables)));
  return lines;
}

function cellsOf(measure: Measure, tables: readonly TableQuality[]): readonly (readonly string[])[] {
  const lines = tables.map(({ name, shape, families, peer }) => {
    const { task } = shape.contract;
    const cells = measured({ families, peer }).map((one) => cellOf(measure, one, task));
    return [name, ...cells, ...(peer === undefined || measure.ratio === undefined ? [] : families.map((one) => ratioCell(measure, ratiosOfFamilies(one, peer, task))))];
  });
  return [headerOf(tables[0]!, measure.ratio !== undefined), ...lines];
}

function headerOf({ families, peer }: TableQuality, withRatios: boolean): readonly string[] {
  const ratios = peer === undefined || !withRatios ? [] : families.map(({ family }) => `${family}/${peer.family}`);
  return ['', ...measured({ families, peer }).map(({ family }) => family), ...ratios];
}

function seedCells(measure: Measure, tables: readonly TableQuality[]): readonly (readonly string[])[] {
  const lines = tables.flatMap(({ name, shape, families, peer }) => {
    const all = measured({ families, peer });
    const seeds = Math.max(...all.map(({ fits }) => fits.length));
    return Array.from({ length: seeds }, (_, i) => [`${name}, seed ${i + 1}`, ...all.map((one) => cellOf(measure, { ...one, fits: one.fits.slice(i, i + 1) }, shape.contract.task))]);
  });
  return [headerOf(tables[0]!, false), ...lines];
}

function measured({ families, peer }: Pick<TableQuality, 'families' | 'peer'>): readonly FamilyQuality[] {
  return peer === undefined ? families : [...families, peer];
}

function cellOf({ of, text }: Measure, { fits, error }: FamilyQuality, task: Task): string {
  const means = meansOf(fits.map(({ figures }) => figures));
  if (error !== undefined || means === undefined) return 'failed';
  const value = of(means, task);
  return value === null || value === undefined ? '' : text(value);
}

function ratioCell({ ratio }: Measure, ratios: Ratios | undefined): string {
  return (ratios === undefined ? undefined : ratio?.(ratios))?.toFixed(3) ?? '';
}

/** Five digits that count: losses are small, errors in a unit of their own may be large. */
function significant(value: number): string {
  return Math.abs(value) >= 1e5 ? value.toFixed(0) : value.toPrecision(5);
}
