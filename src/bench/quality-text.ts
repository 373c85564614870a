import type { Task } from '../dataset/contract.ts';
import { textTable } from '../report/text-table.ts';
import { LOSS } from './loss.ts';
import { type Means, meansOf } from './means.ts';
import type { FamilyQuality, TableQuality } from './quality.ts';

interface Measure {
  readonly title: string;
  readonly of: (means: Means, task: Task) => number | null | undefined;
  readonly text: (value: number) => string;
}

/** What is read beside the loss. */
const SCORE: Readonly<Record<Task, string>> = { binary: 'auc', multiclass: 'accuracy', regression: 'r2' };

const MEASURES: readonly Measure[] = [
  { title: 'log loss, or RMSE', of: ({ metrics }, task) => metrics[LOSS[task]], text: significant },
  { title: 'AUC, accuracy of classes, or R²', of: ({ metrics }, task) => metrics[SCORE[task]], text: (value) => value.toFixed(4) },
  { title: 'training, s', of: ({ trainSeconds }) => trainSeconds, text: (value) => value.toFixed(1) },
  { title: 'training, CPU s', of: ({ trainCpuSeconds }) => trainCpuSeconds, text: (value) => value.toFixed(1) },
  { title: 'peak, MB', of: ({ peakMb }) => peakMb, text: (value) => value.toFixed(0) },
  { title: 'predicted, rows/s', of: ({ predictRowsPerSecond }) => predictRowsPerSecond, text: count },
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
  const header = ['', ...tables[0]!.families.map(({ family }) => family)];
  return [header, ...tables.map(({ name, shape, families }) => [name, ...families.map((one) => cellOf(measure, one, shape.contract.task))])];
}

function seedCells(measure: Measure, tables: readonly TableQuality[]): readonly (readonly string[])[] {
  const header = ['', ...tables[0]!.families.map(({ family }) => family)];
  const lines = tables.flatMap(({ name, shape, families }) => {
    const seeds = Math.max(...families.map(({ fits }) => fits.length));
    return Array.from({ length: seeds }, (_, i) => [`${name}, seed ${i + 1}`, ...families.map((one) => cellOf(measure, { ...one, fits: one.fits.slice(i, i + 1) }, shape.contract.task))]);
  });
  return [header, ...lines];
}

function cellOf({ of, text }: Measure, { fits, error }: FamilyQuality, task: Task): string {
  const means = meansOf(fits.map(({ figures }) => figures));
  if (error !== undefined || means === undefined) return 'failed';
  const value = of(means, task);
  return value === null || value === undefined ? '' : text(value);
}

/** Five digits that count: losses are small, errors in a unit of their own may be large. */
function significant(value: number): string {
  return Math.abs(value) >= 1e5 ? value.toFixed(0) : value.toPrecision(5);
}

/** Thousands apart, the same in every locale. */
function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}
