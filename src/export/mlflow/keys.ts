import { sha256 } from '../../shared/hash.ts';

/** What MLflow takes of keys and values, in characters. */
const LONGEST_KEY = 250;
export const LONGEST_PARAMETER = 6000;
/** Servers from before 2024 take no more; later ones 8,000. */
export const LONGEST_TAG = 5000;

/** A key as parts that a separator will divide, and what stands under it. */
export interface Keyed<T> {
  readonly parts: readonly string[];
  readonly value: T;
}

/**
 * Keys that MLflow takes: letters, digits, `_`, `-`, `.`, spaces, and `/` only between parts; every other character becomes `_` (no
 * colon, since servers on Windows refuse it). Where two names would then be one, those that were changed end with a hash of the name.
 */
export function keyed<T>(entries: readonly Keyed<T>[], separator: '/' | '.'): readonly (readonly [key: string, value: T])[] {
  const keys = entries.map(({ parts }) => parts.map(cleanPart).join(separator));
  const uses = new Map<string, number>();
  for (const key of keys) uses.set(key, (uses.get(key) ?? 0) + 1);
  return entries.map(({ parts, value }, i) => {
    const key = keys[i]!;
    const clashes = (uses.get(key) ?? 0) > 1 && key !== parts.join(separator);
    return [clashes || key.length > LONGEST_KEY ? marked(key, parts) : key, value];
  });
}

function cleanPart(part: string): string {
  const clean = part.replace(/[^\p{L}\p{N}_.\- ]/gu, '_');
  // Parts are folders to some servers: none may be empty or lead out.
  return /^\.*$/.test(clean) ? '_'.repeat(Math.max(1, clean.length)) : clean;
}

function marked(key: string, parts: readonly string[]): string {
  const mark = `.${sha256(parts.join('\n')).slice(0, 8)}`;
  return `${cut(key, LONGEST_KEY - mark.length).replace(/[/.…]+$/, '')}${mark}`;
}

/** A value as a server takes it: cut to so many characters, with `…` where it was, and without what is no text. */
export function value(text: string, longest: number): string {
  const clean = text.replace(/[\0\p{Surrogate}]/gu, '\ufffd');
  return clean.length <= longest ? clean : `${cut(clean, longest - 1)}…`;
}

/** At most so many UTF-16 units, without half a character at the end. */
function cut(text: string, longest: number): string {
  return text.slice(0, longest).replace(/[\ud800-\udbff]$/, '');
}
