import type { BatchSource, Column, ColumnBatch } from '../dataset/batch.ts';
import type { Feature } from '../dataset/contract.ts';
import { countIn, driftOf } from '../evaluation/drift.ts';
import { type Profile, profileOf } from '../evaluation/drift-profile.ts';
import { Random } from '../evaluation/random.ts';

const FEATURES: readonly Feature[] = Array.from({ length: 40 }, (_, i) => ({ name: `feature_${i}`, kind: i % 4 === 3 ? 'category' : 'number' }));
const REFERENCE_ROWS = 50_000;
const PIECE = 10_000;

/** Watches forty features that never drift: numbers with and without tails, counts, and categories with a long tail. */
export class StillFeatures {
  readonly #profile: Profile;

  private constructor(profile: Profile) {
    this.#profile = profile;
  }

  static async learned(): Promise<StillFeatures> {
    return new StillFeatures(await profileOf(sourceOf(REFERENCE_ROWS, 1), FEATURES, 1));
  }

  /** How many of the forty are warned of in a batch of so many rows. */
  async warnings(rows: number, seed: number): Promise<number> {
    const drifts = driftOf(this.#profile, await countIn(this.#profile, sourceOf(rows, seed)), { warn: 0.1, block: 0.25 });
    return drifts.filter(({ verdict }) => verdict === 'warn' || verdict === 'block').length;
  }
}

function sourceOf(rows: number, seed: number): BatchSource {
  return async function* () {
    const random = new Random(seed);
    for (let done = 0; done < rows; done += PIECE) yield await Promise.resolve(batchOf(Math.min(PIECE, rows - done), random));
  };
}

function batchOf(rows: number, random: Random): ColumnBatch {
  const dictionary = Array.from({ length: 200 }, (_, i) => `value ${i}`);
  return {
    rows,
    columns: new Map(
      FEATURES.map(({ name, kind }, i): [string, Column] => {
        if (kind === 'category') return [name, { storage: 'text', codes: new Int32Array(rows).map(() => Math.min(199, Math.floor(random.uniform() ** -0.8) - 1)), dictionary }];
        return [name, { storage: 'number', values: new Float64Array(rows).map(() => NUMBERS[i % 4]!(random)), nulls: undefined }];
      }),
    ),
  };
}

const NUMBERS: readonly ((random: Random) => number)[] = [(random) => random.normal(), (random) => Math.exp(2 * random.normal()), (random) => Math.floor(-3 * Math.log(1 - random.uniform()))];
