import { distance } from 'fastest-levenshtein';

/** The closest of some names, where one is close enough to be meant: a letter at least stays, and half of a long word. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const ranked = names.map((one) => ({ one, far: distance(word.toLowerCase(), one.toLowerCase()) })).toSorted((a, b) => a.far - b.far);
  const best = ranked[0];
  if (best === undefined || best.far >= Math.max(word.length, best.one.length)) return undefined;
  return best.far <= Math.max(2, Math.floor(word.length / 2)) ? best.one : undefined;
}
