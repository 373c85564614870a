import type { BatchSource, ColumnBatch } from '../dataset/batch.ts';
import type { Contract } from '../dataset/contract.ts';

export interface FitProgress {
  readonly epoch: number;
  readonly epochs: number;
  readonly rowsPerSecond: number;
  readonly secondsLeft: number;
  readonly trainLoss: number;
  readonly validationLoss: number;
}

export interface FitInput {
  readonly contract: Contract;
  /** Rows to fit on: every feature of the contract and the label. */
  readonly train: BatchSource;
  /** Rows held out for early stopping and for settling the decision. */
  readonly validation: BatchSource;
  /** Options of the family, already parsed by `parseOptions`. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly seed: number;
  /** Called now and then, at least once an epoch. */
  readonly progress: (progress: FitProgress) => void;
}

/** What training did, in plain values: `model.json` keeps it, logs and reports show it. */
export interface TrainingSummary {
  readonly family: string;
  readonly backend: string;
  readonly rows: number;
  readonly validationRows: number;
  readonly epochs: number;
  readonly bestEpoch: number;
  readonly parameters: number;
  /** One entry an epoch. */
  readonly curve: readonly { readonly epoch: number; readonly trainLoss: number; readonly validationLoss: number }[];
  /** Said to a person: constant columns dropped, categories folded into a bucket, and the like. */
  readonly notes: readonly string[];
}

export interface FittedModel {
  /**
   * Predictions of a batch, row-major rows × outputs. Binary: one output, the probability of 1. Multiclass: one
   * probability a class, in the contract's order. Regression: one output, in the label's unit.
   * Refuses a batch that breaks the contract (a feature missing or of another storage): `contract-broken`.
   */
  predict(batch: ColumnBatch): Promise<Float64Array>;
  /** Writes everything needed to predict again into an existing empty folder. */
  save(folder: string): Promise<void>;
  readonly summary: TrainingSummary;
  readonly contract: Contract;
  dispose(): void;
}

/** A kind of model. A further family only has to implement this and stand in the list of families. */
export interface ModelFamily {
  readonly name: string;
  /** Checks the `options` of `pipeline.yaml`, fills in defaults; an unknown key or a wrong type is `config-invalid`. */
  parseOptions(options: unknown): Readonly<Record<string, unknown>>;
  fit(input: FitInput): Promise<FittedModel>;
  load(folder: string): Promise<FittedModel>;
}
