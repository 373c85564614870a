import type { RejectReason } from './reject.ts';

/** What became of the rows that were read; `read` is always the sum of the other two. */
export interface RowCounts {
  readonly read: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Reasons that occurred, in the order in which they came first. */
  readonly byReason: Readonly<Partial<Record<RejectReason, number>>>;
}

export class CountedRows {
  #accepted = 0;
  #rejected = 0;
  readonly #byReason = new Map<RejectReason, number>();

  accept(): void {
    this.#accepted += 1;
  }

  /** Counts a rejected row and gives its number, from 1. */
  reject(reason: RejectReason): number {
    this.#rejected += 1;
    this.#byReason.set(reason, (this.#byReason.get(reason) ?? 0) + 1);
    return this.#accepted + this.#rejected;
  }

  counts(): RowCounts {
    return { read: this.#accepted + this.#rejected, accepted: this.#accepted, rejected: this.#rejected, byReason: Object.fromEntries(this.#byReason) };
  }
}
