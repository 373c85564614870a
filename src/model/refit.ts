import type { BatchSource, ColumnBatch } from '../dataset/batch.ts';
import type { EncodedInput, FitInput, FittedModel, HeldOut, TrainingSummary } from './family.ts';
import { predictRows } from './predict-rows.ts';

/** How many rounds to train on all rows, once so many were best on the held-out ones; `inTime`: where those are the latest. */
export type RoundsOnAll = (best: number, how: { readonly options: Readonly<Record<string, unknown>>; readonly inTime: boolean }) => number;

/**
 * Trains twice: first with the held-out rows held out, which settles how many rounds there are to be, then on all rows. What the
 * first model predicted of them is `held`, so that whoever settles something on held-out rows still can. Without validation rows, once.
 */
export async function fitOnAll(input: FitInput, fit: (input: FitInput) => Promise<FittedModel>, roundsOnAll: RoundsOnAll): Promise<FittedModel> {
  const { validation } = input;
  const first = await fit(input);
  if (validation === undefined) return first;
  const held = await predictRows(first, validation);
  const { bestRound, settled, curve, validationRows, notes } = first.summary;
  first.dispose();
  const options = { ...input.options, ...settled };
  const rounds = roundsOnAll(bestRound, { options, inTime: input.days !== undefined });
  const last = await fit({ ...input, train: both(input.train, validation), validation: undefined, rounds, options });
  const note = `trained again on all rows, for ${rounds} rounds; ${bestRound} were best on ${validationRows} held-out rows`;
  return new Refitted(last, { held, summary: { ...last.summary, curve, validationRows, notes: [...notes, note] } });
}

/** The second model, with what is known from the first. */
class Refitted implements FittedModel {
  readonly held: HeldOut;
  readonly summary: TrainingSummary;
  private readonly inner: FittedModel;

  constructor(inner: FittedModel, { held, summary }: { readonly held: HeldOut; readonly summary: TrainingSummary }) {
    this.inner = inner;
    this.held = held;
    this.summary = summary;
  }

  get contract(): FittedModel['contract'] {
    return this.inner.contract;
  }

  predict(batch: ColumnBatch): Promise<Float64Array> {
    return this.inner.predict(batch);
  }

  encoded(batch: ColumnBatch): readonly EncodedInput[] {
    return this.inner.encoded?.(batch) ?? [];
  }

  save(folder: string): Promise<void> {
    return this.inner.save(folder);
  }

  dispose(): void {
    this.inner.dispose();
  }
}

function both(first: BatchSource, second: BatchSource): BatchSource {
  return async function* () {
    yield* first();
    yield* second();
  };
}
