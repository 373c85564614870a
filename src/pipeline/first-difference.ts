import { existsSync, readFileSync } from 'node:fs';

/** Where two files first differ: a key of JSON, a line of a text, or a byte; in words. */
export function firstDifference(before: string, after: string): string {
  if (!existsSync(before)) return 'what was recorded is gone, and it does not come out as that';
  const [a, b] = [readFileSync(before), readFileSync(after)];
  if (a.equals(b)) return 'it comes out as it is now, and not as it was recorded';
  if (before.endsWith('.json')) return differenceOf(JSON.parse(a.toString()), JSON.parse(b.toString()), '') ?? 'the same values, written otherwise';
  const at = a.findIndex((byte, i) => byte !== b[i]);
  const place = at < 0 ? a.length : at;
  if (/\.(csv|sql|md|txt)$/.test(before)) return lineDifference(a.toString().split('\n'), b.toString().split('\n'));
  return `from byte ${place} of ${a.length} on${a.length === b.length ? '' : `; ${b.length} bytes now`}`;
}

/** The first line that differs. */
export function lineDifference(before: readonly string[], after: readonly string[]): string {
  const at = before.findIndex((line, i) => line !== after[i]);
  const place = at < 0 ? before.length : at;
  return `from line ${place + 1} on: ${shown(before[place])} → ${shown(after[place])}`;
}

function differenceOf(before: unknown, after: unknown, path: string): string | undefined {
  if (Object.is(before, after)) return undefined;
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null) return `${path === '' ? 'the value' : path}: ${shown(before)} → ${shown(after)}`;
  const [a, b] = [before as Readonly<Record<string, unknown>>, after as Readonly<Record<string, unknown>>];
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const found = differenceOf(a[key], b[key], path === '' ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : (JSON.stringify(value) ?? 'nothing');
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
