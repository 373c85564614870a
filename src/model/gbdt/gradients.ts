import { LEAST, exponential } from './exponential.ts';
import { LARGEST, type GradientKernel, roomOf } from './gradient-kernel.ts';
import { GROUP, spanOf, type Shape, type Span } from './shape.ts';
import type { Views } from './views.ts';

/**
 * Gradient and hessian of the loss by each score, the largest of each, and the loss summed by block, of one thread's rows.
 * Log loss by log-odds, cross-entropy by softmax (hessian K / (K − 1) · p(1 − p): Friedman 2001, section 4.6), half squared error.
 */
export function fillGradients(shape: Shape, views: Views, thread: number, kernel?: GradientKernel): void {
  const { from: first, to: last } = spanOf(shape.rows, shape, thread);
  const { block, outputs } = shape;
  const fill = kernel !== undefined && shape.task === 'binary' && !shape.weighted ? fillByKernel(kernel, thread) : fillers[shape.task];
  const largest = views.largest.subarray(thread * outputs * 2, (thread + 1) * outputs * 2).fill(0);
  for (let from = first; from < last; from += block) {
    const span = { from, to: Math.min(last, from + block) };
    views.losses[from / block] = fill(shape, views, { ...span, largest });
  }
}

const fillers = { binary: fillBinary, multiclass: fillMulticlass, regression: fillRegression } as const;

/** Rows to fill, and where the largest gradient and hessian of each output are kept. */
interface Part extends Span {
  readonly largest: Float64Array;
}

/** `fillBinary` with the whole groups left to a kernel. */
function fillByKernel(kernel: GradientKernel, thread: number): typeof fillBinary {
  return (shape, views, { from, to, largest }) => {
    const { labels, scores, gradients, hessians } = views;
    const groups = Math.floor((to - from) / GROUP);
    const products = views.products.subarray(thread * roomOf(shape));
    const middle = from + groups * GROUP;
    kernel.binary(scores.byteOffset + 8 * from, scores.byteOffset + 8 * middle, labels.byteOffset + 8 * from, gradients.byteOffset + 4 * from, hessians.byteOffset + 4 * from, products.byteOffset);
    let loss = 0;
    for (let group = 0; group < groups; group++) loss -= Math.log(products[group]!);
    const [even, odd, evenHessian, oddHessian] = products.subarray(groups, groups + LARGEST);
    largest[0] = Math.max(largest[0]!, even!, odd!);
    largest[1] = Math.max(largest[1]!, evenHessian!, oddHessian!);
    return middle === to ? loss : loss + fillBinary(shape, views, { from: middle, to, largest });
  };
}

function fillBinary({ weighted }: Shape, { labels, weights, scores, gradients, hessians }: Views, { from, to, largest }: Part): number {
  let loss = 0;
  let even = 1;
  let odd = 1;
  let [mostGradient, mostHessian] = [largest[0]!, largest[1]!];
  for (let row = from; row < to; row++) {
    const chance = 1 / (1 + exponential(-scores[row]!));
    const weight = weighted ? weights[row]! : 1;
    const miss = chance - labels[row]!;
    const hit = 1 - Math.abs(miss);
    const right = hit < LEAST ? LEAST : hit;
    const gradient = weight * miss;
    const hessian = weight * (chance * (1 - chance));
    gradients[row] = gradient;
    hessians[row] = hessian;
    if (gradient > mostGradient) mostGradient = gradient;
    else if (-gradient > mostGradient) mostGradient = -gradient;
    if (hessian > mostHessian) mostHessian = hessian;
    if (weighted) {
      loss -= weight * Math.log(right);
      continue;
    }
    if (((row - from) & 1) === 0) even *= right;
    else odd *= right;
    if (((row - from) & (GROUP - 1)) !== GROUP - 1) continue;
    loss -= Math.log(even * odd);
    even = odd = 1;
  }
  largest.set([mostGradient, mostHessian]);
  return loss - Math.log(even * odd);
}

function fillMulticlass({ outputs, rows, weighted }: Shape, { labels, weights, scores, gradients, hessians }: Views, { from, to, largest }: Part): number {
  const chances = new Float64Array(outputs);
  const factor = outputs / (outputs - 1);
  let loss = 0;
  for (let row = from; row < to; row++) {
    softmax(scores, { at: row, stride: rows }, chances);
    const label = labels[row]!;
    const weight = weighted ? weights[row]! : 1;
    for (let output = 0, at = row; output < outputs; output++, at += rows) {
      const chance = chances[output]!;
      const gradient = weight * (output === label ? chance - 1 : chance);
      const hessian = weight * factor * chance * (1 - chance);
      gradients[at] = gradient;
      hessians[at] = hessian;
      largest[2 * output] = Math.max(largest[2 * output]!, Math.abs(gradient));
      largest[2 * output + 1] = Math.max(largest[2 * output + 1]!, hessian);
    }
    loss -= weight * Math.log(Math.max(LEAST, chances[label]!));
  }
  return loss;
}

function fillRegression({ weighted }: Shape, { labels, weights, scores, gradients, hessians }: Views, { from, to, largest }: Part): number {
  let loss = 0;
  let [mostGradient, mostHessian] = [largest[0]!, largest[1]!];
  for (let row = from; row < to; row++) {
    const weight = weighted ? weights[row]! : 1;
    const miss = scores[row]! - labels[row]!;
    gradients[row] = weight * miss;
    hessians[row] = weight;
    mostGradient = Math.max(mostGradient, Math.abs(weight * miss));
    mostHessian = Math.max(mostHessian, weight);
    loss += 0.5 * weight * miss * miss;
  }
  largest.set([mostGradient, mostHessian]);
  return loss;
}

/** Probabilities of the scores at every `stride`-th place from `at` on. */
export function softmax(scores: Float64Array, { at, stride }: { readonly at: number; readonly stride: number }, chances: Float64Array): void {
  let most = -Infinity;
  for (let output = 0; output < chances.length; output++) most = Math.max(most, scores[at + output * stride]!);
  let sum = 0;
  for (let output = 0; output < chances.length; output++) {
    const power = exponential(scores[at + output * stride]! - most);
    chances[output] = power;
    sum += power;
  }
  for (let output = 0; output < chances.length; output++) chances[output]! /= sum;
}
