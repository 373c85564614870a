import type { RunLine } from '../../registry/records.ts';
import { heldSince } from '../lock.ts';
import type { Places } from '../places.ts';

/** The lines, those of a process that is still at work as `running`: it holds the lock, and took it before its attempt began. */
export async function withRunning<T extends RunLine>(places: Places, lines: readonly T[]): Promise<readonly T[]> {
  const open = lines.filter(({ endedAt }) => endedAt === null);
  if (open.length === 0) return lines;
  const since = await heldSince(places.data, 'run');
  const last = open.reduce((a, b) => (b.startedAt > a.startedAt ? b : a));
  if (since === undefined || last.startedAt < since) return lines;
  return lines.map((line) => (line === last ? { ...line, status: 'running' as const } : line));
}

/** How long a run's attempt took, in seconds; null where it has not ended. */
export function secondsOf({ startedAt, endedAt }: Pick<RunLine, 'startedAt' | 'endedAt'>): number | null {
  return endedAt === null ? null : (Date.parse(endedAt) - Date.parse(startedAt)) / 1000;
}
