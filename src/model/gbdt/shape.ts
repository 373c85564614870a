import type { Task } from '../../dataset/contract.ts';

/** Everything that a thread needs to know about a training to find its way in the shared memory; plain numbers, sent to workers. */
export interface Shape {
  readonly task: Task;
  /** Rows trained on, and rows held out. */
  readonly rows: number;
  readonly heldRows: number;
  /** Used features. */
  readonly width: number;
  /** Bins of each used feature. */
  readonly counts: readonly number[];
  /** Scores a row: 1, or one a class. */
  readonly outputs: number;
  readonly leaves: number;
  readonly weighted: boolean;
  readonly threads: number;
  /** Rows of a block: sums over rows are made block by block and added in the order of blocks, whoever made them. */
  readonly block: number;
}

/** Rows from `from` up to `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Rows of a group, of which a block has a whole number: their probabilities are multiplied before a logarithm is taken, which costs more than they do, and 1e-15 ** 16 is still a number. */
export const GROUP = 16;
const LEAST_BLOCK = 1024;
const MOST_BLOCKS = 256;

/** Depends on the rows alone: sums must not change with the number of threads. */
export function blockOf(rows: number): number {
  let block = LEAST_BLOCK;
  while (block * MOST_BLOCKS < rows) block *= 2;
  return block;
}

/** The rows of one thread: whole blocks, as even as they go. */
export function spanOf(rows: number, { block, threads }: Shape, thread: number): Span {
  const blocks = Math.ceil(rows / block);
  const at = (share: number): number => Math.min(rows, block * Math.floor((blocks * share) / threads));
  return { from: at(thread), to: at(thread + 1) };
}

/** The first cell of each feature in a histogram, and behind them the number of all cells. */
export function offsetsOf(counts: readonly number[]): Int32Array {
  const offsets = new Int32Array(counts.length + 1);
  counts.forEach((count, index) => {
    offsets[index + 1] = offsets[index]! + count;
  });
  return offsets;
}
