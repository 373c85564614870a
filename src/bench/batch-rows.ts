const MOST_ROWS = 16_384;
const MOST_CELLS = 2 ** 22;

/** Rows of a batch of so many columns: as many as everywhere, fewer where there are hundreds of columns. */
export function batchRowsOf(columns: number): number {
  return Math.max(1, Math.min(MOST_ROWS, Math.floor(MOST_CELLS / columns)));
}
