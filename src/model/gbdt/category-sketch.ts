import type { TextColumn } from '../../dataset/batch.ts';
import { bytewise } from '../../dataset/bytewise.ts';

/** How often each value of a column of text occurs in the training rows. */
export class CategorySketch {
  missing = 0;
  private readonly counts = new Map<string, number>();

  add({ codes, dictionary }: TextColumn): void {
    const here = new Uint32Array(dictionary.length + 1);
    for (const code of codes) here[code + 1]!++;
    this.missing += here[0]!;
    dictionary.forEach((value, code) => {
      const count = here[code + 1]!;
      if (count > 0) this.counts.set(value, (this.counts.get(value) ?? 0) + count);
    });
  }

  /** Values with their counts, by frequency, then bytewise. */
  ordered(): readonly (readonly [string, number])[] {
    return [...this.counts].sort(([a, m], [b, n]) => n - m || bytewise(a, b));
  }
}
