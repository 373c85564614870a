import type { Task } from '../../dataset/contract.ts';

/** Where scores start and how they are turned into predictions; plain JSON, saved with the model. */
export interface Start {
  /** A score an output: log-odds, logarithms of class shares, or 0. */
  readonly base: readonly number[];
  /** Of a regression's label, which is learned in deviations from its mean; otherwise 0 and 1. */
  readonly mean: number;
  readonly deviation: number;
}

/** The start that predicts the weighted average of the labels for every row. */
export function startOf(task: Task, classes: number, { labels, weights }: { readonly labels: Float64Array; readonly weights: Float64Array | undefined }): Start {
  const weightOf = (row: number): number => weights?.[row] ?? 1;
  const total = labels.reduce((sum, _, row) => sum + weightOf(row), 0);
  const mean = labels.reduce((sum, label, row) => sum + weightOf(row) * label, 0) / total;
  if (task === 'regression') {
    const variance = labels.reduce((sum, label, row) => sum + weightOf(row) * (label - mean) ** 2, 0) / total;
    return { base: [0], mean, deviation: Math.sqrt(variance) };
  }
  if (task === 'binary') return { base: [Math.log(mean / (1 - mean))], mean: 0, deviation: 1 };
  const counts = new Float64Array(classes);
  labels.forEach((label, row) => (counts[label]! += weightOf(row)));
  // A class without a row still gets a finite start.
  return { base: Array.from(counts, (count) => Math.log((count + 0.5) / total)), mean: 0, deviation: 1 };
}

/** Turns scores, row-major rows × outputs, into predictions in place. */
export function finish(task: Task, { base, mean, deviation }: Start, scores: Float64Array): Float64Array {
  if (task === 'binary') return scores.forEach((score, at) => (scores[at] = 1 / (1 + Math.exp(-score)))), scores;
  if (task === 'regression') return scores.forEach((score, at) => (scores[at] = score * deviation + mean)), scores;
  for (let at = 0; at < scores.length; at += base.length) softmax(scores.subarray(at, at + base.length));
  return scores;
}

function softmax(scores: Float64Array): void {
  let most = -Infinity;
  for (const score of scores) if (score > most) most = score;
  let sum = 0;
  for (let at = 0; at < scores.length; at++) sum += scores[at] = Math.exp(scores[at]! - most);
  for (let at = 0; at < scores.length; at++) scores[at]! /= sum;
}
