import { shuffle, streamOf } from '../tensor/stream.ts';
import type { SharedRows } from './rows.ts';

/** One way of dividing rows: a member is trained on some, and judged by others. */
export interface Division {
  readonly train: Uint32Array;
  /** Rows held out; empty where everything trains. */
  readonly held: Uint32Array;
}

/** The division that the streams came with: training rows train, validation rows judge. */
export function givenDivision({ all, trainRows }: SharedRows): Division {
  return { train: range(0, trainRows), held: range(trainRows, all.rows) };
}

/** Everything trains. */
export function wholeDivision({ all }: SharedRows): Division {
  return { train: range(0, all.rows), held: new Uint32Array(0) };
}

/**
 * Deals all rows to so many folds, each of which is held out once. Classes are dealt evenly (Kohavi, "A study of cross-validation
 * and bootstrap", IJCAI 1995); a class with fewer groups of rows than there are folds trains every time and is never held out. Rows
 * of one group stay together, dealt by the class of the first of them.
 */
export function crossDivisions(rows: SharedRows, folds: number, seed: number): readonly Division[] {
  const groups = groupsOf(rows);
  const foldOf = new Int32Array(groups.length).fill(-1);
  let next = 0;
  for (const alike of dealingParts(rows, groups)) {
    if (alike.length < folds) continue;
    shuffle(alike, streamOf(seed, 'folds'));
    for (const group of alike) foldOf[group] = next++ % folds;
  }
  const fold = new Int32Array(rows.all.rows);
  groups.forEach((its, group) => its.forEach((row) => (fold[row] = foldOf[group]!)));
  const everything = range(0, fold.length);
  return Array.from({ length: folds }, (_, one) => ({ train: everything.filter((row) => fold[row] !== one), held: everything.filter((row) => fold[row] === one) }));
}

/** The rows of each group, in the order of their first rows. */
function groupsOf({ all, groups }: SharedRows): readonly (readonly number[])[] {
  return gather(range(0, all.rows), (row) => groups?.[row] ?? row).map(([, its]) => its);
}

/** Indices of the groups of each class, the classes in order; of a regression, of all groups. */
function dealingParts({ contract, labels }: SharedRows, groups: readonly (readonly number[])[]): readonly Uint32Array[] {
  const everything = range(0, groups.length);
  if (contract.task === 'regression') return [everything];
  const byClass = gather(everything, (group) => labels[groups[group]![0]!]!);
  return byClass.sort(([a], [b]) => a - b).map(([, its]) => Uint32Array.from(its));
}

function gather(indices: Uint32Array, by: (index: number) => number): [number, number[]][] {
  const gathered = new Map<number, number[]>();
  for (const index of indices) {
    const key = by(index);
    const its = gathered.get(key);
    if (its === undefined) gathered.set(key, [index]);
    else its.push(index);
  }
  return [...gathered];
}

function range(from: number, to: number): Uint32Array {
  return Uint32Array.from({ length: to - from }, (_, i) => from + i);
}
