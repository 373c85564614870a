import type { TextColumn } from '../../dataset/batch.ts';
import { bytewise } from '../../dataset/bytewise.ts';
import type { Place } from './number-encoding.ts';

/** Codes of the two buckets that every category has; its values' codes follow. */
const MISSING = 0;
const OTHER = 1;
const FIRST = 2;
/** A longer tail than this is folded into the bucket: tables of weights grow with it and learn nothing of it. */
const MOST_VALUES = 10_000;

export interface CategoryEncoding {
  readonly name: string;
  readonly kind: 'category';
  /** False where all training rows fall into one code, so that there is nothing to learn. */
  readonly kept: boolean;
  /** By frequency, then bytewise; the code of `values[i]` is i + 2. */
  readonly values: readonly string[];
  /** Distinct values of the training rows that were too rare to keep. */
  readonly folded: number;
}

/** Learns a column's vocabulary: values that occur at least `minCount` times. Rare ones share a bucket with unseen ones. */
export function fitCategory(name: string, columns: readonly TextColumn[], minCount: number): CategoryEncoding {
  const counts = countValues(columns);
  const missing = columns.some(({ codes }) => codes.includes(-1));
  const order = [...counts].sort(([a, m], [b, n]) => n - m || bytewise(a, b));
  const frequent = order.filter(([, count]) => count >= minCount).slice(0, MOST_VALUES);
  const folded = order.length - frequent.length;
  const distinct = frequent.length + (folded > 0 ? 1 : 0) + (missing ? 1 : 0);
  return { name, kind: 'category', kept: distinct > 1, values: frequent.map(([value]) => value), folded };
}

/** A function that writes a column's codes into their places; the dictionary of a batch is looked up once, not once a row. */
export function codeWriter(encoding: CategoryEncoding): (column: TextColumn, place: Place<Int32Array>) => void {
  const known = vocabulary(encoding);
  return (column, place) => {
    const translated = Int32Array.from(column.dictionary, (value) => known.get(value) ?? OTHER);
    let at = place.offset;
    for (const code of column.codes) {
      place.values[at] = code < 0 ? MISSING : translated[code]!;
      at += place.stride;
    }
  };
}

const vocabularies = new WeakMap<CategoryEncoding, ReadonlyMap<string, number>>();

function vocabulary(encoding: CategoryEncoding): ReadonlyMap<string, number> {
  const held = vocabularies.get(encoding);
  if (held !== undefined) return held;
  const made = new Map(encoding.values.map((value, index) => [value, index + FIRST]));
  vocabularies.set(encoding, made);
  return made;
}

function countValues(columns: readonly TextColumn[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { codes, dictionary } of columns) {
    const here = new Uint32Array(dictionary.length);
    for (const code of codes) if (code >= 0) here[code]!++;
    dictionary.forEach((value, code) => {
      if (here[code]! > 0) counts.set(value, (counts.get(value) ?? 0) + here[code]!);
    });
  }
  return counts;
}
