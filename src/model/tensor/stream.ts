import { createHash } from 'node:crypto';
import { Random } from '../../evaluation/random.ts';

/** A stream of random numbers of its own for each use of a seed: what one use draws does not shift what another gets. */
export function streamOf(seed: number, use: string): Random {
  return new Random(createHash('sha256').update(`${seed}/${use}`).digest().readUIntBE(0, 6));
}

/** Shuffles in place (Fisher and Yates). */
export function shuffle(items: Uint32Array, random: Random): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const held = items[i]!;
    items[i] = items[j]!;
    items[j] = held;
  }
}
