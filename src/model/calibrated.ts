import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { ColumnBatch } from '../dataset/batch.ts';
import { writeFileWhole } from '../shared/files.ts';
import { withoutFactors } from './class-weights.ts';
import type { EncodedInput, FittedModel, HeldOut } from './family.ts';
import { fitTemperature, tempered } from './temperature.ts';

/** How the probabilities of a model are set right; plain JSON, kept beside it. */
export interface Calibration {
  /** What the rows of each class counted for in training. */
  readonly factors: readonly number[];
  readonly temperature: number;
  /** What the baseline predicts, an output each. */
  readonly prior: readonly number[];
}

export const CALIBRATION_FILE = 'calibration.json';

/**
 * A model trained with class weights whose probabilities are those of rows that count as they are: the weights are taken out,
 * then one temperature, fitted on held-out rows, makes them neither too sure nor too unsure.
 */
export class Calibrated implements FittedModel {
  readonly calibration: Calibration;
  readonly held: HeldOut | undefined;
  private readonly inner: FittedModel;

  constructor(inner: FittedModel, calibration: Calibration) {
    this.inner = inner;
    this.calibration = calibration;
    this.held = inner.held === undefined ? undefined : { labels: inner.held.labels, predictions: this.correct(inner.held.predictions) };
  }

  get summary(): FittedModel['summary'] {
    return this.inner.summary;
  }

  get contract(): FittedModel['contract'] {
    return this.inner.contract;
  }

  async predict(batch: ColumnBatch): Promise<Float64Array> {
    return this.correct(await this.inner.predict(batch));
  }

  encoded(batch: ColumnBatch): readonly EncodedInput[] {
    return this.inner.encoded?.(batch) ?? [];
  }

  async save(folder: string): Promise<void> {
    await this.inner.save(folder);
    writeFileWhole(path.join(folder, CALIBRATION_FILE), `${JSON.stringify(this.calibration, null, 1)}\n`);
  }

  dispose(): void {
    this.inner.dispose();
  }

  private correct(predictions: Float64Array): Float64Array {
    const { task } = this.contract;
    const { factors, temperature, prior } = this.calibration;
    return tempered(withoutFactors(predictions, Float64Array.from(factors), task), { task, temperature, prior });
  }
}

/** Fits the temperature on rows that were held out; they count as they are. */
export function calibrate(model: FittedModel, { factors, prior, held }: { readonly factors: Float64Array; readonly prior: readonly number[]; readonly held: HeldOut }): Calibrated {
  const { task } = model.contract;
  const predictions = withoutFactors(held.predictions, factors, task);
  return new Calibrated(model, { factors: [...factors], prior, temperature: fitTemperature({ task, labels: held.labels, predictions, prior }) });
}

/** The model as its folder says it is to be used. */
export function asCalibrated(folder: string, model: FittedModel): FittedModel {
  const file = path.join(folder, CALIBRATION_FILE);
  return existsSync(file) ? new Calibrated(model, JSON.parse(readFileSync(file, 'utf8')) as Calibration) : model;
}
