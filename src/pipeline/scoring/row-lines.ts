/** The lines that rows begin on, by the rows' numbers: mostly one after the other, so that only leaps are kept. */
export class RowLines {
  rows = 0;
  readonly #leaps: { readonly row: number; readonly line: number }[] = [];
  #next = Number.NaN;

  /** Adds the lines of the rows that follow. */
  add(lines: Int32Array): void {
    for (const line of lines) {
      if (line !== this.#next) this.#leaps.push({ row: this.rows, line });
      this.#next = line + 1;
      this.rows += 1;
    }
  }

  of(row: number): number {
    let [low, high] = [0, this.#leaps.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#leaps[middle]!.row <= row) low = middle;
      else high = middle - 1;
    }
    const leap = this.#leaps[low];
    if (leap === undefined || row >= this.rows) throw new RangeError(`no row ${row}`);
    return leap.line + row - leap.row;
  }
}
