import type { Collector } from './collector.ts';

/** Whole records that are in memory and wait to be taken. */
export interface Region {
  /** Takes records until the collector is full or none is left, which it then says. */
  drain(into: Collector): boolean;
  /** The line on which what follows the region begins; once drained. */
  readonly line: number;
}
