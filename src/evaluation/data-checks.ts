import { NightshiftError } from '../shared/errors.ts';
import type { EvaluationData } from './task-metrics.ts';

/** Throws unless there are `outputs` predictions a row, and a decision for each row if for any. */
export function checkLengths({ labels, predictions, decided }: EvaluationData, outputs: number): void {
  if (predictions.length !== labels.length * outputs) {
    throw invalid('The predictions do not match the labels', `${predictions.length} predictions`, `${labels.length} rows × ${outputs}`);
  }
  if (decided !== undefined && decided.length !== labels.length) {
    throw invalid('The decisions do not match the labels', `${decided.length} decisions`, `${labels.length} rows`);
  }
}

/** Throws at the first value outside [low, high], NaN included; the bounds of `finite` take every number. */
export function checkRange(values: Float64Array, { name, low, high }: { name: string; low: number; high: number }): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (!(value >= low && value <= high)) {
      throw invalid(`A ${name} cannot be used`, `${value} at position ${i}`, `a number in [${low}, ${high}]`);
    }
  }
}

/** Throws at the first label that is not a whole number from 0 to `classes` − 1. */
export function checkClasses(labels: Float64Array, classes: number): void {
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
      throw invalid('A label is not a class', `${label} in row ${i}`, `a whole number from 0 to ${classes - 1}`);
    }
  }
}

export const finite = { low: -Number.MAX_VALUE, high: Number.MAX_VALUE };
export const probability = { low: 0, high: 1 };

export function invalid(what: string, found: string, expected: string): NightshiftError {
  return new NightshiftError({ code: 'predictions-invalid', what, found, expected });
}
