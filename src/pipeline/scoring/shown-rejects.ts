import type { Reject } from '../../batchfile/read.ts';
import type { Mask } from '../../shared/sensitive.ts';

/**
 * Rejects as they may be shown: a keyed hash stands for the value of a column that `mask` hides, and for a whole key of which it hides a part.
 * An empty cell says nothing and stays; so does a number of fields, which is no cell's.
 */
export function shownRejects(rejects: readonly Reject[], key: readonly string[], mask: Mask): readonly Reject[] {
  const whole = key.join(', ');
  const isHidden = (column: string): boolean => mask.hides(column) || (column === whole && key.some((name) => mask.hides(name)));
  return rejects.map((reject) => {
    const { column, value } = reject;
    return column === null || value === null || value === '' || !isHidden(column) ? reject : { ...reject, value: mask.hash(value) };
  });
}
