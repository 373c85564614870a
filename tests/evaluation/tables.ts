import { Random } from '../../src/evaluation/random.ts';
import type { EvaluationData } from '../../src/evaluation/task-metrics.ts';

/** Plain numbers as evaluation takes them. */
export function data(labels: readonly number[], predictions: readonly number[], more: Partial<EvaluationData> = {}): EvaluationData {
  return { labels: Float64Array.from(labels), predictions: Float64Array.from(predictions), ...more };
}

/** Rows whose label follows their probability, which rises with a normal score; `ties` rounds it to that many steps. */
export function sampleRows(rows: number, seed: number, ties?: number): EvaluationData {
  const random = new Random(seed);
  const predictions = new Float64Array(rows).map(() => {
    const p = 1 / (1 + Math.exp(1 - random.normal()));
    return ties === undefined ? p : Math.round(p * ties) / ties;
  });
  return { labels: predictions.map((p) => (random.uniform() < p ? 1 : 0)), predictions, decided: Uint8Array.from(predictions, (p) => (p >= 0.4 ? 1 : 0)), cost: { fp: 1, fn: 3 } };
}
