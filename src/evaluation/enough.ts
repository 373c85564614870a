import type { Task } from '../dataset/contract.ts';

/**
 * Below these a comparison says nothing, because its standard error could not be believed: a bootstrap of n draws finds a
 * standard error that is too small by 1/(2n) and, with few rows of a class, far from normal in its tails. At 20 rows of the rarer class
 * the false alarms of ten slices stay within their level (docs/gates.md). Rows of one cluster count once where a class is
 * counted, and 30 clusters are where few become enough: Cameron, Gelbach and Miller, "Bootstrap-based improvements for
 * inference with clustered errors", Review of Economics and Statistics 90 (2008).
 */
export const MINIMUM = { rows: 100, clusters: 30, ofEachClass: 20 } as const;

/** Multiclass metrics that weigh each class alike, so that the rarest one decides how much they swing. */
const BY_CLASS: ReadonlySet<string> = new Set(['balanced_accuracy', 'macro_f1', 'macro_auc']);

/** Some rows, as far as their number matters. */
export interface Counted {
  readonly task: Task;
  readonly metric: string;
  /** As in `EvaluationData`. */
  readonly labels: Float64Array;
  readonly clusters?: Int32Array | undefined;
}

/** What there is too little of for a comparison, such as `12 positives`; null where there is enough. */
export function tooFew({ task, metric, labels, clusters }: Counted): string | null {
  if (labels.length < MINIMUM.rows) return `${labels.length} rows`;
  if (clusters !== undefined) {
    const distinct = new Set(clusters).size;
    if (distinct < MINIMUM.clusters) return `rows of ${distinct} entities`;
  }
  if (task === 'binary') return rareClass(unitsByClass([0, 1], labels, clusters), (one) => (one === 1 ? 'positives' : 'negatives'));
  if (task === 'multiclass' && BY_CLASS.has(metric)) return rareClass(unitsByClass([], labels, clusters), (one) => `rows of class ${one}`);
  return null;
}

function rareClass(units: ReadonlyMap<number, number>, nameOf: (one: number) => string): string | null {
  const [one, count] = [...units].toSorted((a, b) => a[1] - b[1])[0]!;
  return count < MINIMUM.ofEachClass ? `${count} ${nameOf(one)}` : null;
}

/** How many rows each class has, or rows of how many clusters; the classes that are named, and those that occur. */
function unitsByClass(named: readonly number[], labels: Float64Array, clusters: Int32Array | undefined): ReadonlyMap<number, number> {
  const counts = new Map<number, number>(named.map((one) => [one, 0]));
  const seen = new Map<number, Set<number>>();
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row]!;
    if (clusters !== undefined && !isNew(seen, label, clusters[row]!)) continue;
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return counts;
}

/** Whether this class is met in this cluster for the first time. */
function isNew(seen: Map<number, Set<number>>, label: number, cluster: number): boolean {
  const clusters = seen.get(label) ?? new Set();
  if (clusters.has(cluster)) return false;
  seen.set(label, clusters.add(cluster));
  return true;
}
