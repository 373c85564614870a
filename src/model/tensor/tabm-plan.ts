import type { TabmOptions } from '../tabm-family.ts';
import type { Plan } from './plan.ts';

const CLIP = 1;

/** How a network of members trains on so many rows. */
export function tabmPlan(rows: number, options: TabmOptions): Plan {
  const epochs = options.epochs === 'auto' ? clamp(Math.round(400_000 / rows), 4, 40) : options.epochs;
  const wanted = options.batch_rows === 'auto' ? clamp(Math.round(rows / 60), 63, 1023) : options.batch_rows;
  const batchRows = oddBatch(rows, wanted);
  const patience = options.patience === 'auto' ? 16 : options.patience;
  const learningRate = options.learning_rate === 'auto' ? 0.002 : options.learning_rate;
  const steps = epochs * Math.ceil(rows / batchRows);
  return { epochs, batchRows, steps, learningRate, weightDecay: options.weight_decay, patience, clip: CLIP };
}

/**
 * About `wanted` rows, the last batch hardly smaller than the others. Odd, so that the hidden values of a power of two of members
 * are a matrix whose rows do not lie a larger power of two apart, which would be transposed several times slower (see `plan.ts`).
 */
function oddBatch(rows: number, wanted: number): number {
  const even = Math.ceil(rows / Math.max(1, Math.round(rows / wanted)));
  return even % 2 === 0 ? even + 1 : even;
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
