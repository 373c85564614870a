import type { ErrorDetails } from '../shared/errors.ts';
import type { InputBatch } from './collector.ts';
import type { RowCounts } from './counted-rows.ts';
import type { KeepOptions } from './kept-rows.ts';
import type { BatchFile, ReadOptions } from './read.ts';

/** What a worker is told to read: a file alone, since a stream belongs to its thread. */
export type AsideOptions = Omit<ReadOptions, 'input' | 'keep'> & {
  readonly input: string;
  /** Keeps accepted rows in a file, for `readKept`. */
  readonly keep?: (KeepOptions & { readonly file: string }) | undefined;
};

/** How far a worker is. */
export interface ReadSoFar {
  readonly counts: RowCounts;
  readonly warnings: readonly string[];
  readonly bytesRead: number;
}

/** What a worker says. After a batch it waits where so many are not taken yet; each message that it is sent is one that was. */
export type AsideMessage =
  | { readonly kind: 'opened'; readonly file: Pick<BatchFile, 'header' | 'format' | 'delimiter' | 'encoding' | 'totalBytes' | 'warnings'> }
  | { readonly kind: 'batch'; readonly input: InputBatch; readonly soFar: ReadSoFar }
  | { readonly kind: 'end'; readonly soFar: ReadSoFar }
  | { readonly kind: 'failed'; readonly details: ErrorDetails };

/** Batches that a worker reads ahead of whoever takes them. */
export const READ_AHEAD = 3;
