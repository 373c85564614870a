import type { RunLine } from '../../registry/records.ts';

/** A figure as a person reads it; a dash where it is not defined. */
export function figure(value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value) && Math.abs(value) >= 10) return count(value);
  const size = Math.abs(value);
  if (size >= 1000) return count(Math.round(value));
  if (size >= 100) return signless(value.toFixed(1));
  // What would be read as nothing at all is told by its power of ten.
  return value !== 0 && size < 0.00005 ? value.toExponential(1).replaceAll('-', '−') : signless(value.toFixed(4));
}

/** A difference, with its sign. */
export function signed(value: number | null | undefined): string {
  const text = figure(value);
  return value === null || value === undefined || value < 0 || text === '–' ? text : `+${text}`;
}

export function count(value: number): string {
  return signless(value.toLocaleString('en'));
}

export function percent(share: number, digits = 0): string {
  return `${(share * 100).toFixed(digits)}%`;
}

export function seconds(value: number | null): string {
  if (value === null) return '–';
  if (value >= 120) return `${Math.floor(value / 60)} min ${Math.round(value % 60)} s`;
  return `${value.toFixed(1)} s`;
}

export function megabytes(value: number | null): string {
  return value === null ? '–' : `${value.toFixed(0)} MB`;
}

export function bytes(value: number): string {
  if (value < 1024) return `${value} B`;
  return value < 1024 ** 2 ? `${(value / 1024).toFixed(1)} KB` : `${(value / 1024 ** 2).toFixed(1)} MB`;
}

/** `2001-06-30 02:11 UTC` of an ISO instant. */
export function instant(text: string | null): string {
  return text === null ? '–' : `${text.slice(0, 10)} ${text.slice(11, 16)} UTC`;
}

/** A typographic minus, which reads as one. */
function signless(text: string): string {
  return text.replace(/^-/, '−');
}

/** How a page shows an outcome: beside its colour there is always a sign and a word. */
export type Tone = 'good' | 'bad' | 'warn' | 'calm';

export const SIGNS: Readonly<Record<Tone, string>> = { good: '✓', bad: '✗', warn: '!', calm: '–' };

export interface Outcome {
  readonly tone: Tone;
  readonly word: string;
}

/** What a run came to, in a word or two. */
export function outcomeOf({ status, mode, exitCode, published }: RunLine): Outcome {
  switch (status) {
    case 'done':
      if (mode !== 'night') return { tone: 'good', word: 'Step done' };
      return published ? { tone: 'good', word: 'Published' } : { tone: 'calm', word: 'Replaced' };
    case 'refused':
      return { tone: 'warn', word: 'Refused' };
    case 'tried':
      return exitCode === 0 ? { tone: 'good', word: 'Tried' } : { tone: 'warn', word: 'Tried, refused' };
    case 'checks_failed':
      return { tone: 'bad', word: 'Checks failed' };
    case 'late':
      return { tone: 'bad', word: 'Source late' };
    case 'interrupted':
      return { tone: 'warn', word: 'Interrupted' };
    case 'killed':
      return { tone: 'bad', word: 'Killed' };
    case 'running':
      return { tone: 'calm', word: 'Running' };
    default:
      return { tone: 'bad', word: 'Failed' };
  }
}
