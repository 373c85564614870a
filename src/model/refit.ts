import type { BatchSource, ColumnBatch } from '../dataset/batch.ts';
import type { EncodedInput, FitInput, FittedModel, HeldOut, TrainingSummary } from './family.ts';
import { predictRows } from './predict-rows.ts';

/**
 * Trains twice: first with the held-out rows held out, which settles after how many rounds to stop, then on all rows for as many. What the
 * first model predicted of them is `held`, so that whoever settles something on held-out rows still can. Without validation rows, once.
 */
export async function fitOnAll(input: FitInput, planned: number, fit: (input: FitInput) => Promise<FittedModel>): Promise<FittedModel> {
  const { validation } = input;
  const first = await fit(input);
  if (validation === undefined) return first;
  const held = await predictRows(first, validation);
  const { bestRound, settled, curve, validationRows, notes } = first.summary;
  first.dispose();
  const rounds = roundsOnAll(bestRound, planned, input.days !== undefined);
  const last = await fit({ ...input, train: both(input.train, validation), validation: undefined, rounds, options: { ...input.options, ...settled } });
  const note = `trained again on all rows, for ${rounds} rounds; ${bestRound} were best on ${validationRows} held-out rows`;
  return new Refitted(last, { held, summary: { ...last.summary, curve, validationRows, notes: [...notes, note] } });
}

/**
 * Rounds of a training on all rows: as many as were best on held-out ones, and where those are the latest days, half way, by ratio, from
 * there to what was planned. A few days stop a training by their own weather, mostly too early: they are further from what it was trained on
 * than the days to be told are from all rows.
 */
export function roundsOnAll(best: number, planned: number, inTime: boolean): number {
  return inTime ? Math.round(Math.sqrt(best * Math.max(best, planned))) : best;
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
