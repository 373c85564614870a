import { invalid } from './data-checks.ts';
import { Random } from './random.ts';

/** What a resample draws from. */
export interface DrawOptions {
  readonly rows: number;
  readonly seed: number;
  /** For each row the number of its cluster, from 0 on without a gap: its rows are drawn together. Unless given, rows are drawn one by one. */
  readonly clusters?: Int32Array | undefined;
}

/**
 * A stream of resamples, as weights: how often each row was drawn. The same options give the same stream, which is what makes
 * comparisons joint. Each call overwrites the weights of the last. Throws `predictions-invalid` where clusters do not fit.
 * Source of drawing whole clusters: Davison and Hinkley, "Bootstrap methods and their application", 1997, ch. 3.8.
 */
export function drawsOf({ rows, seed, clusters }: DrawOptions): () => Uint8Array {
  const random = new Random(seed);
  const weights = new Uint8Array(rows);
  if (clusters === undefined) {
    return () => {
      drawWeights(random, weights);
      return weights;
    };
  }
  const counts = new Uint8Array(clusterCount(clusters, rows));
  return () => {
    drawWeights(random, counts);
    for (let row = 0; row < rows; row++) weights[row] = counts[clusters[row]!]!;
    return weights;
  };
}

/** Clusters by any numbers, such as those of some rows of a batch, numbered from 0 on without a gap, as they come. */
export function renumbered(clusters: Int32Array): Int32Array {
  const known = new Map<number, number>();
  return clusters.map((cluster) => {
    const number = known.get(cluster) ?? known.size;
    known.set(cluster, number);
    return number;
  });
}

/**
 * Multinomial weights: how often each row is drawn when as many are drawn as there are. A byte is enough: a row drawn 256
 * times has a chance below 10⁻⁵⁰⁰.
 */
export function drawWeights(random: Random, weights: Uint8Array): void {
  weights.fill(0);
  for (let i = 0; i < weights.length; i++) weights[random.below(weights.length)]!++;
}

function clusterCount(clusters: Int32Array, rows: number): number {
  if (clusters.length !== rows) throw invalid('The clusters do not match the rows', `${clusters.length} clusters`, `one for each of ${rows} rows`);
  const seen = new Uint8Array(rows);
  let distinct = 0;
  for (const cluster of clusters) {
    if (!(cluster >= 0 && cluster < rows)) throw invalid('A cluster has no number that can be used', String(cluster), `0 to ${rows - 1}`);
    if (seen[cluster] === 0) distinct++;
    seen[cluster] = 1;
  }
  const gap = seen.subarray(0, distinct).indexOf(0);
  if (gap >= 0) throw invalid('Clusters are not numbered without a gap', `no row of cluster ${gap}, rows of higher ones`, `numbers from 0 to ${distinct - 1}`);
  return distinct;
}
