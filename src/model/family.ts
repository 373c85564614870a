import type { BatchSource, ColumnBatch } from '../dataset/batch.ts';
import type { Contract } from '../dataset/contract.ts';

/** What a family trains round by round: an epoch of a network, a tree (or one a class) of boosting, a whole training of a member. */
export type RoundUnit = 'epoch' | 'tree' | 'training';

export interface FitProgress {
  readonly unit: RoundUnit;
  /** From 1. */
  readonly round: number;
  readonly rounds: number;
  readonly rowsPerSecond: number;
  readonly secondsLeft: number;
  readonly trainLoss: number;
  /** NaN before it is first measured. */
  readonly validationLoss: number;
  /** Which part of a larger training this is, such as `tabm, fold 2 of 5`. */
  readonly part?: string | undefined;
}

/** What computes a network: TensorFlow's native library or its WASM. */
export type BackendChoice = 'auto' | 'wasm' | 'native';

/** What each of a batch's rows is about, a number each: rows of one number tell of each other. The same numbers at every reading. */
export type Grouping = (batch: ColumnBatch) => Float64Array;

/** Weights of a batch's rows, above or equal to 0 and about 1 on average; what a row counts for in every loss. */
export type Weigh = (batch: ColumnBatch) => Float64Array;

export interface FitInput {
  readonly contract: Contract;
  /** Rows to fit on: every feature of the contract and the label. */
  readonly train: BatchSource;
  /** Rows held out, for early stopping. Undefined: nothing stops early, and what the last round made is kept. */
  readonly validation: BatchSource | undefined;
  /** Undefined: every row counts 1. */
  readonly weigh?: Weigh | undefined;
  /** Whether rows tell nothing of each other, but for those of one group, so that any of them may be held out. Otherwise (rows in the order of time) only `validation` may judge. */
  readonly independent?: boolean | undefined;
  /** Rows of one group are held out together. Undefined: each row is a group. */
  readonly groups?: Grouping | undefined;
  /** The day of each row, where rows are in the order of time: rows of one day share its luck, and the latest may only judge. Undefined: no row is later than another. */
  readonly days?: Grouping | undefined;
  /** Options of the family, already parsed by `parseOptions`. */
  readonly options: Readonly<Record<string, unknown>>;
  /** For families that are networks; `auto` unless said. */
  readonly backend?: BackendChoice | undefined;
  readonly seed: number;
  /** Stops after so many of the planned rounds, whatever the validation loss; schedules stay as planned. */
  readonly rounds?: number | undefined;
  /** At most so many threads; as many as there are cores unless said. What comes of it does not depend on them. */
  readonly threads?: number | undefined;
  /** Seconds that training may take, for a family that plans its work by them. */
  readonly budget?: number | undefined;
  /** What an earlier training of the same family settled on, as `plan.json` of its model's folder holds it: to be done again, not chosen again. */
  readonly recipe?: unknown;
  /** Said at once to a person, such as a plan before it is carried out. */
  readonly tell?: ((line: string) => void) | undefined;
  /** Called now and then, at least once a round. */
  readonly progress: (progress: FitProgress) => void;
}

/** What training did, in plain values: `model.json` keeps it, logs and reports show it. */
export interface TrainingSummary {
  readonly family: string;
  /** `wasm` or `native` for networks, `threads` for plain code. */
  readonly backend: string;
  readonly rows: number;
  readonly validationRows: number;
  readonly unit: RoundUnit;
  /** Rounds trained. */
  readonly rounds: number;
  /** The round whose model was kept. */
  readonly bestRound: number;
  readonly parameters: number;
  /** One entry a round; `validationLoss` is null where nothing is held out. */
  readonly curve: readonly { readonly round: number; readonly trainLoss: number; readonly validationLoss: number | null }[];
  /** How much each feature contributes, in the contract's order and adding up to 1; for families that know. */
  readonly importance?: readonly { readonly feature: string; readonly share: number }[] | undefined;
  /** Options that were `auto` and were settled by held-out rows: what training again without such rows is to be given. */
  readonly settled?: Readonly<Record<string, unknown>> | undefined;
  /** Said to a person: constant columns dropped, categories folded into a bucket, and the like. */
  readonly notes: readonly string[];
}

/** Predictions of rows that the model which made them was not trained on. */
export interface HeldOut {
  readonly labels: Float64Array;
  /** Row-major, rows × outputs. */
  readonly predictions: Float64Array;
}

/** One of the numbers that a row is once it is encoded. */
export interface EncodedInput {
  readonly feature: string;
  /** What the number is, such as `scaled`, `code of 12`, `bin of 64`; where the model has members, behind the member's name. */
  readonly as: string;
  readonly value: number;
}

export interface FittedModel {
  /**
   * Predictions of a batch, row-major rows × outputs. Binary: one output, the probability of 1. Multiclass: one
   * probability a class, in the contract's order. Regression: one output, in the label's unit.
   * Refuses a batch that breaks the contract (a feature missing or of another storage): `contract-broken`.
   */
  predict(batch: ColumnBatch): Promise<Float64Array>;
  /** What a batch's first row is to the model, once encoded, for an explanation; a family that cannot say leaves it out. Features that it does not use have none. */
  encoded?(batch: ColumnBatch): readonly EncodedInput[];
  /** Writes everything needed to predict again into an existing empty folder; `model.json`, with contract and summary, is written beside it. */
  save(folder: string): Promise<void>;
  readonly summary: TrainingSummary;
  readonly contract: Contract;
  /** For a family that trains on the validation rows, too, in the end: what it predicted of rows before it had seen them. Not saved. */
  readonly held?: HeldOut | undefined;
  /** The linear model, where one was trained on the way as it would be alone: nobody needs to train it again. It goes when this does. */
  readonly linear?: FittedModel | undefined;
  dispose(): void;
}

/** A kind of model. A further family only has to implement this and stand in the list of families, or in a project's `families/`. */
export interface ModelFamily {
  readonly name: string;
  /** Checks the `options` of `pipeline.yaml`, fills in defaults; an unknown key or a wrong type is `config-invalid`. */
  parseOptions(options: unknown): Readonly<Record<string, unknown>>;
  fit(input: FitInput): Promise<FittedModel>;
  load(folder: string): Promise<FittedModel>;
}
