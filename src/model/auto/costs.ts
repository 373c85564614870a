import type { TabmOptions } from '../tabm-family.ts';
import { dimensionsFor, sizeFor, tabmPlan } from '../tensor/tabm-plan.ts';
import type { SharedRows } from './rows.ts';

/** What the cost of a training depends on. */
export interface Shape {
  readonly rows: number;
  readonly numbers: number;
  readonly categories: number;
  /** Raw outputs a row: 1, or the number of classes. */
  readonly outputs: number;
}

export function shapeOf({ contract, all }: SharedRows): Shape {
  const numbers = contract.features.filter(({ kind }) => kind === 'number').length;
  return { rows: all.rows, numbers, categories: contract.features.length - numbers, outputs: Math.max(1, contract.classes.length) };
}

/**
 * Seconds of one thread that a training of a family takes, by shipped constants: nanoseconds measured on a usual machine; those of trees
 * are fitted to trainings of many tables (docs/decisions/09-auto.md). Constants, not a clock: a budget becomes the same work every night.
 * Families that are not known here are taken to cost as much as `mlp`.
 */
export function secondsOf(family: string, options: Readonly<Record<string, unknown>>, shape: Shape): number {
  return (Object.hasOwn(costs, family) ? costs[family]! : mlp)(options, shape);
}

type Cost = (options: Readonly<Record<string, unknown>>, shape: Shape) => number;

/** Rows that a network sees in all its epochs, where epochs are `auto`: see `planFor`. */
function rowsSeen(options: Readonly<Record<string, unknown>>, rows: number): number {
  const epochs = typeof options['epochs'] === 'number' ? options['epochs'] : Math.min(60, Math.max(4, Math.round(600_000 / rows)));
  return epochs * rows;
}

const linear: Cost = (options, { rows, numbers, categories, outputs }) => 0.1 + 3 * rowsSeen(options, rows) * (300 + 16 * (numbers + categories) + 130 * outputs) * 1e-9;

const mlp: Cost = (options, { rows, numbers, categories, outputs }) => 0.2 + rowsSeen(options, rows) * (3500 + 30 * (numbers + 4 * categories) + 40 * outputs) * 1e-9;

/**
 * Of a tree: at each depth of its rows their gradients, their parting and the counting of their cells; the search for the division of each
 * leaf; and, where the histograms of numbers (2 KB each) are more than caches hold, the reading of those.
 */
const gbdt: Cost = ({ trees = 100, leaves = 31, columns = 0.8, rows: drawn = 0.8, min_rows: least = 20 }, { rows, numbers, categories, outputs }) => {
  const [depth, reached] = [Math.log2(leaves as number), Math.min(leaves as number, (rows * (drawn as number)) / (least as number))];
  const histograms = reached * numbers * (columns as number);
  const tree = depth * rows * (1.2e-8 + 1.3e-9 * (numbers + categories) * (columns as number) * (drawn as number)) + 6e-5 * reached + 1e-5 * Math.max(0, histograms - CACHED);
  return 0.1 + 1e-7 * rows * (numbers + categories) + (trees as number) * outputs * tree;
};

/** Histograms that caches hold, some megabyte of them. */
const CACHED = 500;

/** Products of the shared layers, forward and twice backward, and the heads, which are plain code; sizes where `auto` are those of `tabm-plan.ts`. */
const tabm: Cost = (options, { rows, numbers, categories, outputs }) => {
  const { members, width } = sizeFor(rows, { members: 'auto', width: 'auto', ...options });
  const { epochs } = tabmPlan(rows, 'binary', { epochs: 'auto', batch_rows: 'auto', patience: 'auto', learning_rate: 'auto', ...options } as TabmOptions);
  const inputs = numbers * dimensionsFor(numbers) + 6 * categories;
  const row = members * width * (6.6e-10 * (inputs + width) + 7.3e-9 * outputs);
  return 0.3 + epochs * rows * row;
};

const costs: Readonly<Record<string, Cost>> = { linear, mlp, tabm, gbdt };
