import type { ValidationScores } from './decision.ts';

/** How far around a regression's prediction its label is expected; plain values, saved with the model. */
export interface PredictionInterval {
  /** The share of labels that is to lie within. */
  readonly level: number;
  /** Half the width, in the label's unit: prediction ± margin. */
  readonly margin: number;
}

/**
 * Split conformal prediction: the ⌈(n + 1)·level⌉-th smallest absolute error on n held-out rows, or the largest where there are too
 * few. Source: Lei and others, "Distribution-free predictive inference for regression", JASA 113 (2018), algorithm 2.
 */
export function settleInterval({ labels, scores }: ValidationScores, level: number): PredictionInterval | null {
  if (labels.length === 0) return null;
  const errors = scores.map((score, row) => Math.abs(score - labels[row]!)).sort();
  const place = Math.min(errors.length, Math.ceil((errors.length + 1) * level));
  return { level, margin: errors[place - 1]! };
}
