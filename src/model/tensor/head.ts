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
  readonly rows: number;
}

/** What a network's raw outputs mean for a task: its loss with the gradient, and its predictions. */
export interface Head {
  readonly task: Task;
  /** Raw outputs a row. */
  readonly outputs: number;
  readonly scale: LabelScale;
  /** Raw outputs that predict the training labels' average for every row: where training starts. */
  start(labels: Float64Array): Float64Array;
  /** Sum of losses over the rows; the gradient of their mean by each raw output goes into `gradient`. */
  loss(outputs: Outputs, gradient: Float32Array): number;
  /** Predictions in the label's unit (or probabilities) of `rows` rows, written into `target` from value `at` on. */
  predict(raw: Float32Array, rows: number, target: { readonly values: Float64Array; readonly at: number }): void;
}

export function headOf(contract: Contract, scale: LabelScale): Head {
  if (contract.task === 'binary') return binaryHead(scale);
  if (contract.task === 'multiclass') return multiclassHead(contract.classes.length, scale);
  return regressionHead(scale);
}

/** Regression trains on labels of mean 0 and deviation 1, so that learning rates mean the same for every unit. */
export function labelScale(task: Task, labels: Float64Array): LabelScale {
  if (task !== 'regression') return { mean: 0, deviation: 1 };
  const mean = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  const variance = labels.reduce((sum, label) => sum + (label - mean) ** 2, 0) / labels.length;
  return { mean, deviation: Math.sqrt(variance) };
}

/** Sigmoid with log loss: log(1 + eᶻ) − y·z, its gradient σ(z) − y. */
function binaryHead(scale: LabelScale): Head {
  return {
    task: 'binary',
    outputs: 1,
    scale,
    start: (labels) => {
      const share = labels.reduce((sum, label) => sum + label, 0) / labels.length;
      return Float64Array.of(Math.log(share / (1 - share)));
    },
    loss: ({ raw, labels, rows }, gradient) => {
      let sum = 0;
      for (let i = 0; i < rows; i++) {
        const z = raw[i]!;
        const label = labels[i]!;
        // e^−|z| never overflows.
        const small = Math.exp(-Math.abs(z));
        sum += Math.max(z, 0) - label * z + Math.log1p(small);
        gradient[i] = ((z >= 0 ? 1 : small) / (1 + small) - label) / rows;
      }
      return sum;
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
    start: (labels) => {
      const counts = new Float64Array(classes);
      for (const label of labels) counts[label]!++;
      // A class without a row still gets a finite start.
      return counts.map((count) => Math.log((count + 0.5) / labels.length));
    },
    loss: ({ raw, labels, rows }, gradient) => {
      let sum = 0;
      for (let i = 0; i < rows; i++) {
        const at = i * classes;
        const label = labels[i]!;
        const { top, total } = softmaxParts(raw, at, classes);
        sum += Math.log(total) + top - raw[at + label]!;
        for (let k = 0; k < classes; k++) {
          gradient[at + k] = (Math.exp(raw[at + k]! - top) / total - (k === label ? 1 : 0)) / rows;
        }
      }
      return sum;
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
    loss: ({ raw, labels, rows }, gradient) => {
      let sum = 0;
      for (let i = 0; i < rows; i++) {
        const error = raw[i]! - (labels[i]! - mean) / deviation;
        sum += (error * error) / 2;
        gradient[i] = error / rows;
      }
      return sum;
    },
    predict: (raw, rows, { values, at }) => {
      for (let i = 0; i < rows; i++) values[at + i] = raw[i]! * deviation + mean;
    },
  };
}
