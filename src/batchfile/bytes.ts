export const LF = 10;
export const CR = 13;
export const QUOTE = 34;

export function isLineEnd(byte: number | undefined): boolean {
  return byte === LF || byte === CR;
}

/** Where the last line of some bytes ends for certain, 0 if none does: a CR at their end may be the half of a CR LF. */
export function endOfLines(data: Buffer): number {
  const length = data.at(-1) === CR ? data.length - 1 : data.length;
  if (length === 0) return 0;
  return Math.max(data.lastIndexOf(LF, length - 1), data.lastIndexOf(CR, length - 1)) + 1;
}

/** The line ends between two places: LF, CR LF or CR each end one. Neither place is within a CR LF. */
export function countLines(data: Uint8Array, from: number, to: number): number {
  let lines = 0;
  for (let i = from; i < to; i++) {
    if (data[i] === LF) lines += 1;
    else if (data[i] === CR && data[i + 1] !== LF) lines += 1;
  }
  return lines;
}
