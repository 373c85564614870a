import { Carver } from './carver.ts';
import { roomOf } from './gradient-kernel.ts';
import { offsetsOf, type Shape } from './shape.ts';

/** The shared memory of a training. Every thread makes the same views of it. */
export type Views = ReturnType<typeof carve>;

/** Numbers that a task is given, by place in `Views.args`. */
export const ARGS = 16;
/** Numbers in `Rules`. */
export const RULES = 8;
/** Leaves that are searched at once at most, the children of a node, and the numbers of what is found for each. */
export const AT_ONCE = 2;
export const FOUND = 6;

function carve(shape: Shape, carver: Carver) {
  const { rows, heldRows, width, outputs, leaves, threads, block, weighted } = shape;
  const cells = offsetsOf(shape.counts)[width]!;
  const blocks = Math.ceil(rows / block);
  return {
    control: carver.int32(16),
    args: carver.float64(ARGS),
    /** Row-major, rows × width. */
    bins: carver.bytes(rows * width),
    heldBins: carver.bytes(heldRows * width),
    /** Binary 0 and 1, multiclass the class, regression in deviations from the mean. */
    labels: carver.float64(rows),
    heldLabels: carver.float64(heldRows),
    weights: carver.float64(weighted ? rows : 0),
    heldWeights: carver.float64(weighted ? heldRows : 0),
    /** Output by output, each of all rows. */
    scores: carver.float64(outputs * rows),
    heldScores: carver.float64(outputs * heldRows),
    gradients: carver.float32(outputs * rows),
    hessians: carver.float32(outputs * rows),
    /** Gradient and hessian of one output, quantised, in one number a row. */
    packed: carver.float64(rows),
    /** Rows drawn for the tree, each thread's own in its own span, ordered by leaf. */
    index: carver.uint32(rows),
    spare: carver.uint32(rows),
    leafOf: carver.uint16(rows),
    /** Where in `index` a thread's rows of a leaf begin, and how many there are: threads × leaves. */
    begins: carver.int32(threads * leaves),
    sizes: carver.int32(threads * leaves),
    /** One a leaf. */
    histograms: carver.float64(leaves * cells),
    /** Histograms of the threads after the first, to be added. */
    partial: carver.float64((threads - 1) * cells),
    /** What the splits of a tree must keep to: see `Rules`. */
    rules: carver.float64(RULES),
    allowed: carver.bytes(width),
    directions: carver.int8(width),
    /** 1 where the feature is a category. */
    categories: carver.bytes(width),
    /** The best split of each leaf that each thread found, and of a category its table: threads × leaves. */
    found: carver.float64(threads * AT_ONCE * FOUND),
    foundMembers: carver.bytes(threads * AT_ONCE * 256),
    /** Largest gradient and hessian of each output, by thread: threads × outputs × 2. */
    largest: carver.float64(threads * outputs * 2),
    /** What `GradientKernel` leaves of a block, by thread. */
    products: carver.float64(threads * roomOf(shape)),
    /** Gradients and hessians by block and leaf: blocks × leaves × 2. */
    leafSums: carver.float64(blocks * leaves * 2),
    losses: carver.float64(blocks),
    heldLosses: carver.float64(Math.ceil(heldRows / block)),
    leafValues: carver.float64(leaves),
    /** The tree that grows: of each node the feature, its two children (below 0: a leaf), and for each bin whether it goes right. */
    nodeFeatures: carver.int32(leaves),
    nodeChildren: carver.int32(leaves * 2),
    nodeRight: carver.bytes(leaves * 256),
  };
}

export function bytesOf(shape: Shape): number {
  const carver = new Carver(undefined);
  carve(shape, carver);
  return carver.at;
}

export function viewsOf(shape: Shape, buffer: SharedArrayBuffer): Views {
  return carve(shape, new Carver(buffer));
}
