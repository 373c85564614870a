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
 * and bootstrap", IJCAI 1995); a class with fewer rows than there are folds trains every time and is never held out.
 */
export function crossDivisions(rows: SharedRows, folds: number, seed: number): readonly Division[] {
  const fold = new Int32Array(rows.all.rows).fill(-1);
  let next = 0;
  for (const group of dealingGroups(rows)) {
    if (group.length < folds) continue;
    shuffle(group, streamOf(seed, 'folds'));
    for (const row of group) fold[row] = next++ % folds;
  }
  const everything = range(0, fold.length);
  return Array.from({ length: folds }, (_, one) => ({ train: everything.filter((row) => fold[row] !== one), held: everything.filter((row) => fold[row] === one) }));
}

/** The rows of each class; of a regression, all rows. */
function dealingGroups({ contract, labels }: SharedRows): readonly Uint32Array[] {
  if (contract.task === 'regression') return [range(0, labels.length)];
  const groups = new Map<number, number[]>();
  labels.forEach((label, row) => {
    const group = groups.get(label);
    if (group === undefined) groups.set(label, [row]);
    else group.push(row);
  });
  return [...groups].sort(([a], [b]) => a - b).map(([, group]) => Uint32Array.from(group));
}

function range(from: number, to: number): Uint32Array {
  return Uint32Array.from({ length: to - from }, (_, i) => from + i);
}
