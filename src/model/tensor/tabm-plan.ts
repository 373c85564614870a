import type { Task } from '../../dataset/contract.ts';
import type { TabmOptions } from '../tabm-family.ts';
import type { Plan } from './plan.ts';

const CLIP = 1;

/** Highest rates of the schedule. Chances overfit sooner than means: a step too far costs a log loss more. */
const RATES: Readonly<Record<Task, number>> = { binary: 0.005, multiclass: 0.005, regression: 0.015 };

/** What `auto` makes of the number of training rows, so that the whole takes a minute or so of one core. */
interface Size {
  readonly upTo: number;
  readonly members: number;
  readonly width: number;
}

const SIZES: readonly Size[] = [
  { upTo: 20_000, members: 16, width: 96 },
  { upTo: 60_000, members: 8, width: 96 },
  { upTo: 300_000, members: 8, width: 64 },
  { upTo: Infinity, members: 4, width: 64 },
];

/** Inputs that all embeddings of numbers together may come to; vectors are halved until they fit. */
const MOST_INPUTS = 320;
const LONGEST = 8;

export function sizeFor(rows: number, { members, width }: Pick<TabmOptions, 'members' | 'width'>): { members: number; width: number } {
  const size = SIZES.find(({ upTo }) => rows <= upTo)!;
  return { members: members === 'auto' ? size.members : members, width: width === 'auto' ? size.width : width };
}

/** Length of a number's vector where so many numbers have one. */
export function dimensionsFor(numbers: number): number {
  let dimensions = LONGEST;
  while (dimensions > 1 && dimensions * numbers > MOST_INPUTS) dimensions /= 2;
  return dimensions;
}

/** By default training sees some 320,000 rows in all, in 3 to 24 epochs. */
export function tabmPlan(rows: number, task: Task, options: TabmOptions): Plan {
  const epochs = options.epochs === 'auto' ? clamp(Math.round(320_000 / rows), 3, 24) : options.epochs;
  const wanted = options.batch_rows === 'auto' ? clamp(Math.round(rows / 60), 63, 511) : options.batch_rows;
  const batchRows = oddBatch(rows, wanted);
  const patience = options.patience === 'auto' ? Math.max(4, Math.ceil(epochs / 3)) : options.patience;
  const learningRate = options.learning_rate === 'auto' ? RATES[task] : options.learning_rate;
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
