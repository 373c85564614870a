import type { TrainingOptions } from './training-options.ts';

/** How long and how fast to train; everything that was `auto` is a number here. */
export interface Plan {
  readonly epochs: number;
  readonly batchRows: number;
  /** Steps over all epochs. */
  readonly steps: number;
  /** The highest rate of the schedule. */
  readonly learningRate: number;
  /** Decoupled weight decay. */
  readonly weightDecay: number;
  /** Epochs without a lower validation loss after which to stop. */
  readonly patience: number;
  /** Longest gradient; a longer one is shortened to it. */
  readonly clip?: number | undefined;
}

/** What a family brings to its plans. */
export interface Habits {
  readonly fullRate: number;
  readonly weightDecay: number;
}

/** Up to so many rows the full rate is right; beyond, an epoch has so many steps that they learn single days by heart. */
const FULL_RATE_ROWS = 120_000;

/**
 * By default training sees some 600,000 rows in all, in 4 to 60 epochs: fewer rows, more epochs and smaller batches. `fullRate` is
 * the learning rate where it is `auto`, for tables of up to 120,000 rows; from there on it falls with the root of their number.
 */
export function planFor(rows: number, options: TrainingOptions, { fullRate, weightDecay }: Habits): Plan {
  const epochs = options.epochs === 'auto' ? clamp(Math.round(600_000 / rows), 4, 60) : options.epochs;
  const wanted = options.batch_rows === 'auto' ? clamp(Math.round(rows / 120), 100, 2000) : options.batch_rows;
  const batchRows = evenBatch(rows, wanted);
  const patience = options.patience === 'auto' ? Math.max(3, Math.ceil(epochs / 5)) : options.patience;
  const autoRate = fullRate * Math.min(1, Math.sqrt(FULL_RATE_ROWS / rows));
  const learningRate = options.learning_rate === 'auto' ? autoRate : options.learning_rate;
  const steps = epochs * Math.ceil(rows / batchRows);
  return { epochs, batchRows, steps, learningRate, weightDecay, patience };
}

/**
 * About `wanted` rows, the last batch hardly smaller than the others. Not a multiple of 32: a matrix whose rows lie a power of
 * two apart is transposed up to twenty times slower, since its columns then share a few lines of the cache (430 against 22 µs
 * for 1024 and 1000 rows of 64 columns).
 */
function evenBatch(rows: number, wanted: number): number {
  const batches = Math.max(1, Math.round(rows / wanted));
  const even = Math.ceil(rows / batches);
  return even % 32 === 0 ? even + 1 : even;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
