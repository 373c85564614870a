import { Random } from '../../src/evaluation/random.ts';
import type { BatchSource, Column, ColumnBatch, NumberColumn, TextColumn } from '../../src/dataset/batch.ts';
import type { Contract } from '../../src/dataset/contract.ts';
import { familyOf } from '../../src/model/families.ts';
import type { BackendChoice, FittedModel } from '../../src/model/family.ts';

/** A column of numbers; null is missing. */
export function numbers(values: readonly (number | null)[]): NumberColumn {
  const nulls = Uint8Array.from(values, (value) => (value === null ? 1 : 0));
  return { storage: 'number', values: Float64Array.from(values, (value) => value ?? NaN), nulls: nulls.includes(1) ? nulls : undefined };
}

/** A column of text; null is missing. */
export function text(values: readonly (string | null)[]): TextColumn {
  const dictionary = [...new Set(values.filter((value) => value !== null))];
  return { storage: 'text', codes: Int32Array.from(values, (value) => (value === null ? -1 : dictionary.indexOf(value))), dictionary };
}

export function batchOf(columns: Readonly<Record<string, Column>>): ColumnBatch {
  const first = Object.values(columns)[0];
  const rows = first === undefined ? 0 : first.storage === 'number' ? first.values.length : first.codes.length;
  return { rows, columns: new Map(Object.entries(columns)) };
}

export function sourceOf(...batches: readonly ColumnBatch[]): BatchSource {
  return async function* () {
    yield* batches;
  };
}

export const plantedContract: Contract = {
  task: 'binary',
  features: [
    { name: 'a', kind: 'number' },
    { name: 'b', kind: 'number' },
    { name: 'city', kind: 'category' },
  ],
  label: 'y',
  classes: [],
};

/** What the label's log-odds are made of in `planted`. */
export const plantedWeights = { a: 1.2, b: -0.8, city: { Oslo: 0.9, Bern: -0.9, Rome: 0 } } as const;

/** Rows whose label follows `plantedWeights`, a tenth of `b` missing (and then without effect). */
export function planted(rows: number, seed: number): ColumnBatch {
  const random = new Random(seed);
  const cities = ['Oslo', 'Bern', 'Rome'] as const;
  const made = Array.from({ length: rows }, () => {
    const a = random.normal();
    const b = random.uniform() < 0.1 ? null : random.normal();
    const city = cities[random.below(3)]!;
    const logit = plantedWeights.a * a + plantedWeights.b * (b ?? 0) + plantedWeights.city[city];
    return { a, b, city, y: random.uniform() < 1 / (1 + Math.exp(-logit)) ? 1 : 0 };
  });
  return batchOf({
    a: numbers(made.map((row) => row.a)),
    b: numbers(made.map((row) => row.b)),
    city: text(made.map((row) => row.city)),
    y: numbers(made.map((row) => row.y)),
  });
}

/** The batch cut into consecutive ones of so many rows; text gets a dictionary of its own in each, in another order. */
export function parts(batch: ColumnBatch, rows: number): readonly ColumnBatch[] {
  const count = Math.ceil(batch.rows / rows);
  return Array.from({ length: count }, (_, index) => {
    const from = index * rows;
    const to = Math.min(batch.rows, from + rows);
    const cut = [...batch.columns].map(([name, column]) => [name, cutColumn(column, from, to)] as const);
    return { rows: to - from, columns: new Map(cut) };
  });
}

function cutColumn(column: Column, from: number, to: number): Column {
  if (column.storage === 'text') return text(Array.from(column.codes.subarray(from, to), (code) => column.dictionary[code] ?? null));
  return { ...column, values: column.values.slice(from, to), nulls: column.nulls?.slice(from, to) };
}

export interface FitRequest {
  readonly family: string;
  readonly contract?: Contract;
  readonly train: ColumnBatch;
  readonly validation: ColumnBatch;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly backend?: BackendChoice;
  readonly rounds?: number | undefined;
  readonly seed?: number;
}

/** Options of a size at which a suite over all families stays quick: the default members are meant for tables, not for three columns. */
export function smallOptions(family: string): Readonly<Record<string, unknown>> {
  if (family === 'auto') return { families: ['gbdt'] };
  // Of so few rows trees draw nothing by themselves, and a seed changes little.
  if (family === 'gbdt') return { columns: 0.8, rows: 0.8 };
  return family === 'tabm' ? { members: 4, width: 32, epochs: 15 } : {};
}

export async function fit({ family, contract = plantedContract, train, validation, options = smallOptions(family), backend = 'wasm', rounds, seed = 7 }: FitRequest): Promise<FittedModel> {
  const chosen = await familyOf(family);
  return chosen.fit({ contract, train: sourceOf(train), validation: sourceOf(validation), options: chosen.parseOptions(options), backend, rounds, seed, progress: () => undefined });
}

/** The log loss of the planted function itself. */
export function plantedLoss(batch: ColumnBatch): number {
  const a = batch.columns.get('a') as NumberColumn;
  const b = batch.columns.get('b') as NumberColumn;
  const city = batch.columns.get('city') as TextColumn;
  const chances = a.values.map((value, i) => {
    const effect = plantedWeights.city[city.dictionary[city.codes[i]!] as keyof typeof plantedWeights.city];
    const logit = plantedWeights.a * value + plantedWeights.b * (b.nulls?.[i] === 1 ? 0 : b.values[i]!) + effect;
    return 1 / (1 + Math.exp(-logit));
  });
  return logLoss(batch, chances);
}

/** Mean log loss of binary predictions. */
export function logLoss(batch: ColumnBatch, predictions: Float64Array): number {
  const labels = batch.columns.get('y') as NumberColumn;
  const losses = predictions.map((p, i) => -Math.log(labels.values[i] === 1 ? p : 1 - p));
  return losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
}
