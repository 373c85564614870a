import type { Contract, Task } from '../../dataset/contract.ts';

/** How a label was standardised for training; 0 and 1 where the task does not standardise it. */
export interface LabelScale {
  readonly mean: number;
  readonly deviation: number;
}

/** A batch's raw outputs of the network and its labels, row-major. */
export interface Outputs {
  readonly raw: Float32Array;
  readonly labels: Float64Array;
  /** What each row counts for, 1 on average; undefined: each counts 1. */
  readonly weights?: Float64Array | undefined;
  readonly rows: number;
}

/** Raw outputs of several members for the same rows, row-major: rows × members × outputs. */
export interface MemberOutputs {
  readonly raw: Float32Array;
  readonly rows: number;
  readonly members: number;
}

/** What a network's raw outputs mean for a task: its loss with the gradient, and its predictions. */
export interface Head {
  readonly task: Task;
  /** Raw outputs a row. */
  readonly outputs: number;
  readonly scale: LabelScale;
  /** Raw outputs that predict the training labels' weighted average for every row: where training starts. */
  start(labels: Float64Array, weights?: Float64Array): Float64Array;
  /** Weighted sum of losses over the rows; the gradient of that sum over `rows` by each raw output goes into `gradient`. */
  loss(outputs: Outputs, gradient: Float32Array): number;
  /** Raw outputs, rows × outputs into `target`, that predict the mean of the members' predictions. */
  pool(outputs: MemberOutputs, target: Float32Array): void;
  /** Predictions in the label's unit (or probabilities) of `rows` rows, written into `target` from value `at` on. */
  predict(raw: Float32Array, rows: number, target: { readonly values: Float64Array; readonly at: number }): void;
}

export function headOf(contract: Contract, scale: LabelScale): Head {
  if (contract.task === 'binary') return binaryHead(scale);
  if (contract.task === 'multiclass') return multiclassHead(contract.classes.length, scale);
  return regressionHead(scale);
}

/** Regression trains on labels of mean 0 and deviation 1, so that learning rates mean the same for every unit. */
export function labelScale(task: Task, labels: Float64Array, weights?: Float64Array): LabelScale {
  if (task !== 'regression') return { mean: 0, deviation: 1 };
  const mean = weightedMean(labels, weights);
  const variance = weightedMean(labels.map((label) => (label - mean) ** 2), weights);
  return { mean, deviation: Math.sqrt(variance) };
}

function weightedMean(values: Float64Array, weights: Float64Array | undefined): number {
  if (weights === undefined) return values.reduce((sum, value) => sum + value, 0) / values.length;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return values.reduce((sum, value, i) => sum + weights[i]! * value, 0) / total;
}

/** Stands for the logarithm of a chance too small for a double. */
const LEAST_LOG = -750;

/** Sigmoid with log loss: log(1 + eᶻ) − y·z, its gradient σ(z) − y. */
function binaryHead(scale: LabelScale): Head {
  return {
    task: 'binary',
    outputs: 1,
    scale,
    start: (labels, weights) => {
      const share = weightedMean(labels, weights);
      return Float64Array.of(Math.log(share / (1 - share)));
    },
    loss: ({ raw, labels, weights, rows }, gradient) => {
      let sum = 0;
      for (let i = 0; i < rows; i++) {
        const z = raw[i]!;
        const label = labels[i]!;
        const weight = weights === undefined ? 1 : weights[i]!;
        // e^−|z| never overflows.
        const small = Math.exp(-Math.abs(z));
        sum += weight * (Math.max(z, 0) - label * z + Math.log1p(small));
        gradient[i] = (weight * ((z >= 0 ? 1 : small) / (1 + small) - label)) / rows;
      }
      return sum;
    },
    // The log-odds of the mean chance; the mean of 1 − p on its own, so that chances near 1 keep their digits.
    pool: ({ raw, rows, members }, target) => {
      for (let i = 0; i < rows; i++) {
        let yes = 0;
        let no = 0;
        for (let k = 0; k < members; k++) {
          const z = raw[i * members + k]!;
          const small = Math.exp(-Math.abs(z));
          yes += (z >= 0 ? 1 : small) / (1 + small);
          no += (z >= 0 ? small : 1) / (1 + small);
        }
        target[i] = Math.log(yes) - Math.log(no);
      }
    },
    predict: (raw, rows, { values, at }) => {
      for (let i = 0; i < rows; i++) values[at + i] = 1 / (1 + Math.exp(-raw[i]!));
    },
  };
}

/** Softmax with cross entropy: log Σ eᶻ − z of the label's class, its gradient softmax(z) less 1 at the label. */
function multiclassHead(classes: number, scale: LabelScale): Head {
  return {
    task: 'multiclass',
    outputs: classes,
    scale,
    start: (labels, weights) => {
      const counts = new Float64Array(classes);
      labels.forEach((label, i) => (counts[label]! += weights === undefined ? 1 : weights[i]!));
      // A class without a row still gets a finite start.
      return counts.map((count) => Math.log((count + 0.5) / labels.length));
    },
    loss: ({ raw, labels, weights, rows }, gradient) => {
      let sum = 0;
      for (let i = 0; i < rows; i++) {
        const at = i * classes;
        const label = labels[i]!;
        const weight = weights === undefined ? 1 : weights[i]!;
        const { top, total } = softmaxParts(raw, at, classes);
        sum += weight * (Math.log(total) + top - raw[at + label]!);
        for (let k = 0; k < classes; k++) {
          gradient[at + k] = (weight * (Math.exp(raw[at + k]! - top) / total - (k === label ? 1 : 0))) / rows;
        }
      }
      return sum;
    },
    // The logarithms of the mean chances, which are raw outputs that predict them.
    pool: ({ raw, rows, members }, target) => {
      const chances = new Float64Array(classes);
      for (let i = 0; i < rows; i++) {
        chances.fill(0);
        for (let m = 0; m < members; m++) {
          const at = (i * members + m) * classes;
          const { top, total } = softmaxParts(raw, at, classes);
          for (let k = 0; k < classes; k++) chances[k]! += Math.exp(raw[at + k]! - top) / total / members;
        }
        for (let k = 0; k < classes; k++) target[i * classes + k] = Math.max(LEAST_LOG, Math.log(chances[k]!));
      }
    },
    predict: (raw, rows, { values, at }) => {
      for (let i = 0; i < rows; i++) {
        const from = i * classes;
        const { top, total } = softmaxParts(raw, from, classes);
        for (let k = 0; k < classes; k++) values[at + from + k] = Math.exp(raw[from + k]! - top) / total;
      }
    },
  };
}

function softmaxParts(raw: Float32Array, at: number, classes: number): { top: number; total: number } {
  let top = -Infinity;
  for (let k = 0; k < classes; k++) top = Math.max(top, raw[at + k]!);
  let total = 0;
  for (let k = 0; k < classes; k++) total += Math.exp(raw[at + k]! - top);
  return { top, total };
}

/** Half the squared error of the standardised label, its gradient z − y. */
function regressionHead(scale: LabelScale): Head {
  const { mean, deviation } = scale;
  return {
    task: 'regression',
    outputs: 1,
    scale,
    start: () => Float64Array.of(0),
    loss: ({ raw, labels, weights, rows }, gradient) => {
      let sum = 0;
      for (let i = 0; i < rows; i++) {
        const error = raw[i]! - (labels[i]! - mean) / deviation;
        const weight = weights === undefined ? 1 : weights[i]!;
        sum += (weight * error * error) / 2;
        gradient[i] = (weight * error) / rows;
      }
      return sum;
    },
    pool: ({ raw, rows, members }, target) => {
      for (let i = 0; i < rows; i++) {
        let sum = 0;
        for (let k = 0; k < members; k++) sum += raw[i * members + k]!;
        target[i] = sum / members;
      }
    },
    predict: (raw, rows, { values, at }) => {
      for (let i = 0; i < rows; i++) values[at + i] = raw[i]! * deviation + mean;
    },
  };
}
