import type { ErrorDetails } from '../shared/errors.ts';
import type { LogEntry } from './context.ts';

/** What a step's process is to do, and since when, as `instant` gives it. */
export interface Order {
  readonly contextFile: string;
  readonly at: number;
}

/** Milliseconds that two processes have in common. */
export function instant(): number {
  return performance.timeOrigin + performance.now();
}

/** What a step's process tells the runner while it works. */
export type Message = { readonly type: 'log'; readonly entry: LogEntry } | { readonly type: 'progress'; readonly text: string };

/** What it leaves in `<step>.result.json` at its end. */
export interface StepResult {
  readonly status: 'done' | 'failed';
  /** Rows of what the step is about. */
  readonly rows: number | null;
  readonly cpuSeconds: number;
  readonly peakMb: number;
  readonly error?: Omit<ErrorDetails, 'cause'> & { readonly stack?: string | undefined };
}
