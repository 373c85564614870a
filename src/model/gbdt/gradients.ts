import { spanOf, type Shape, type Span } from './shape.ts';
import type { Views } from './views.ts';

/**
 * Gradient and hessian of the loss by each score, the largest of each, and the loss summed by block, of one thread's rows.
 * Log loss by log-odds, cross-entropy by softmax (hessian K / (K − 1) · p(1 − p): Friedman 2001, section 4.6), half squared error.
 */
export function fillGradients(shape: Shape, views: Views, thread: number): void {
  const { from: first, to: last } = spanOf(shape.rows, shape, thread);
  const { block, outputs } = shape;
  const fill = fillers[shape.task];
  const largest = views.largest.subarray(thread * outputs * 2, (thread + 1) * outputs * 2).fill(0);
  for (let from = first; from < last; from += block) {
    const span = { from, to: Math.min(last, from + block) };
    views.losses[from / block] = fill(shape, views, span);
    keepLargest(shape, views, span, largest);
  }
}

const fillers = { binary: fillBinary, multiclass: fillMulticlass, regression: fillRegression } as const;

function keepLargest({ outputs, rows }: Shape, { gradients, hessians }: Views, { from, to }: Span, largest: Float64Array): void {
  for (let output = 0; output < outputs; output++) {
    let gradient = largest[2 * output]!;
    let hessian = largest[2 * output + 1]!;
    for (let at = output * rows + from; at < output * rows + to; at++) {
      const size = Math.abs(gradients[at]!);
      if (size > gradient) gradient = size;
      if (hessians[at]! > hessian) hessian = hessians[at]!;
    }
    largest[2 * output] = gradient;
    largest[2 * output + 1] = hessian;
  }
}

/** Least probability that a loss is taken of. */
export const LEAST = 1e-15;
/** Probabilities multiplied before a logarithm is taken: it costs more than all else here, and `LEAST` ** 16 is still a number. */
const FACTORS = 16;

function fillBinary({ weighted }: Shape, { labels, weights, scores, gradients, hessians }: Views, { from, to }: Span): number {
  let loss = 0;
  let product = 1;
  for (let row = from; row < to; row++) {
    const chance = 1 / (1 + Math.exp(-scores[row]!));
    const label = labels[row]!;
    const weight = weighted ? weights[row]! : 1;
    const right = label === 1 ? chance : 1 - chance;
    gradients[row] = weight * (chance - label);
    hessians[row] = weight * chance * (1 - chance);
    if (weighted) loss -= weight * Math.log(right > LEAST ? right : LEAST);
    else product *= right > LEAST ? right : LEAST;
    if ((row - from) % FACTORS !== FACTORS - 1) continue;
    loss -= Math.log(product);
    product = 1;
  }
  return loss - Math.log(product);
}

function fillMulticlass({ outputs, rows, weighted }: Shape, { labels, weights, scores, gradients, hessians }: Views, { from, to }: Span): number {
  const chances = new Float64Array(outputs);
  const factor = outputs / (outputs - 1);
  let loss = 0;
  for (let row = from; row < to; row++) {
    softmax(scores, { at: row, stride: rows }, chances);
    const label = labels[row]!;
    const weight = weighted ? weights[row]! : 1;
    for (let output = 0, at = row; output < outputs; output++, at += rows) {
      const chance = chances[output]!;
      gradients[at] = weight * (output === label ? chance - 1 : chance);
      hessians[at] = weight * factor * chance * (1 - chance);
    }
    loss -= weight * Math.log(Math.max(LEAST, chances[label]!));
  }
  return loss;
}

function fillRegression({ weighted }: Shape, { labels, weights, scores, gradients, hessians }: Views, { from, to }: Span): number {
  let loss = 0;
  for (let row = from; row < to; row++) {
    const weight = weighted ? weights[row]! : 1;
    const miss = scores[row]! - labels[row]!;
    gradients[row] = weight * miss;
    hessians[row] = weight;
    loss += 0.5 * weight * miss * miss;
  }
  return loss;
}

/** Probabilities of the scores at every `stride`-th place from `at` on. */
export function softmax(scores: Float64Array, { at, stride }: { readonly at: number; readonly stride: number }, chances: Float64Array): void {
  let most = -Infinity;
  for (let output = 0; output < chances.length; output++) most = Math.max(most, scores[at + output * stride]!);
  let sum = 0;
  for (let output = 0; output < chances.length; output++) {
    const power = Math.exp(scores[at + output * stride]! - most);
    chances[output] = power;
    sum += power;
  }
  for (let output = 0; output < chances.length; output++) chances[output]! /= sum;
}
