import type { BatchSource, Column, ColumnBatch, NumberColumn, TextColumn } from '../../dataset/batch.ts';
import type { Contract } from '../../dataset/contract.ts';
import { pickFloats, pickRows } from '../../dataset/pick.ts';
import { featureColumns } from '../features.ts';
import type { FitInput, Weigh } from '../family.ts';
import { labelsOf } from '../labels.ts';

/** The column that carries what a row counts for. No query can give a column of this name. */
const WEIGHT = '\u0000weight';
const BATCH_ROWS = 16_384;

/** All rows of a training in one batch, in memory that threads share: features, label and, where rows have weights, those. */
export interface SharedRows {
  readonly contract: Contract;
  readonly all: ColumnBatch;
  /** As `labelsOf` gives them. */
  readonly labels: Float64Array;
  /** The group of each row; undefined where each is one. */
  readonly groups: Float64Array | undefined;
  /** The day of each row; undefined where rows are in no order of time. */
  readonly days: Float64Array | undefined;
  /** The first so many rows are those of `train`, the others those of `validation`. */
  readonly trainRows: number;
}

/** Reads both streams once. */
export async function readRows({ contract, train, validation, weigh, groups, days }: Pick<FitInput, 'contract' | 'train' | 'validation' | 'weigh' | 'groups' | 'days'>): Promise<SharedRows> {
  const batches: ColumnBatch[] = [];
  const labels: Float64Array[] = [];
  const grouped: Float64Array[] = [];
  const dated: Float64Array[] = [];
  const read = async (source: BatchSource): Promise<number> => {
    const before = batches.length;
    for await (const batch of source()) {
      if (batch.rows === 0) continue;
      labels.push(labelsOf(contract, batch));
      if (groups !== undefined) grouped.push(groups(batch));
      if (days !== undefined) dated.push(days(batch));
      batches.push(needed(contract, batch, weigh));
    }
    return batches.slice(before).reduce((sum, { rows }) => sum + rows, 0);
  };
  const trainRows = await read(train);
  if (validation !== undefined) await read(validation);
  const rows = batches.reduce((sum, batch) => sum + batch.rows, 0);
  const of = (parts: readonly Float64Array[], wanted: unknown): Float64Array | undefined => (wanted === undefined ? undefined : joinedFloats(parts, rows));
  return { contract, all: joined(batches, rows), labels: joinedFloats(labels, rows), groups: of(grouped, groups), days: of(dated, days), trainRows };
}

/** What each row of some indices counts for; undefined where every row counts 1. */
export function weightsOf({ all }: SharedRows, indices: Uint32Array): Float64Array | undefined {
  const column = all.columns.get(WEIGHT) as NumberColumn | undefined;
  return column === undefined ? undefined : pickFloats(column.values, indices);
}

/** What the baseline predicts, rows weighted: the mean of a label, or each class's share; one value an output. */
export function priorOf(rows: SharedRows): readonly number[] {
  const { contract, labels, all } = rows;
  const weights = weightsOf(rows, Uint32Array.from({ length: all.rows }, (_, row) => row));
  const total = weights?.reduce((sum, weight) => sum + weight, 0) ?? labels.length;
  const sumOf = (count: (label: number) => number): number => labels.reduce((sum, label, row) => sum + (weights?.[row] ?? 1) * count(label), 0) / total;
  return contract.task === 'multiclass' ? contract.classes.map((_, one) => sumOf((label) => (label === one ? 1 : 0))) : [sumOf((label) => label)];
}

/** `weigh` for batches of these rows; undefined where every row counts 1. */
export function weighOf({ all }: SharedRows): Weigh | undefined {
  if (!all.columns.has(WEIGHT)) return undefined;
  return (batch) => (batch.columns.get(WEIGHT) as NumberColumn).values;
}

/** The rows of those indices, in their order, as a restartable stream. */
export function sourceOfRows({ all }: SharedRows, indices: Uint32Array): BatchSource {
  return async function* () {
    for (let from = 0; from < indices.length; from += BATCH_ROWS) yield pickRows(all, indices.subarray(from, from + BATCH_ROWS));
  };
}

function needed(contract: Contract, batch: ColumnBatch, weigh: Weigh | undefined): ColumnBatch {
  const features = featureColumns(contract, batch);
  const columns = new Map<string, Column>(contract.features.map(({ name }, i) => [name, features[i]!]));
  columns.set(contract.label, batch.columns.get(contract.label)!);
  if (weigh !== undefined) columns.set(WEIGHT, { storage: 'number', values: weigh(batch), nulls: undefined });
  return { rows: batch.rows, columns };
}

/** Column by column, so that at no time more than one is held twice in whole. */
function joined(batches: readonly ColumnBatch[], rows: number): ColumnBatch {
  const names = [...(batches[0]?.columns.keys() ?? [])];
  return { rows, columns: new Map(names.map((name) => [name, joinColumn(batches.map(({ columns }) => columns.get(name)!), rows)])) };
}

function joinColumn(parts: readonly Column[], rows: number): Column {
  return parts[0]?.storage === 'text' ? joinTexts(parts as readonly TextColumn[], rows) : joinNumbers(parts as readonly NumberColumn[], rows);
}

function joinNumbers(parts: readonly NumberColumn[], rows: number): NumberColumn {
  const values = joinedFloats(parts.map((part) => part.values), rows);
  if (parts.every(({ nulls }) => nulls === undefined)) return { storage: 'number', values, nulls: undefined };
  const nulls = new Uint8Array(new SharedArrayBuffer(rows));
  let at = 0;
  for (const part of parts) {
    if (part.nulls !== undefined) nulls.set(part.nulls, at);
    at += part.values.length;
  }
  return { storage: 'number', values, nulls };
}

function joinTexts(parts: readonly TextColumn[], rows: number): TextColumn {
  const known = new Map<string, number>();
  const codes = new Int32Array(new SharedArrayBuffer(rows * 4));
  let at = 0;
  for (const part of parts) {
    const translated = part.dictionary.map((value) => {
      const code = known.get(value) ?? known.size;
      known.set(value, code);
      return code;
    });
    for (const code of part.codes) codes[at++] = code < 0 ? -1 : translated[code]!;
  }
  return { storage: 'text', codes, dictionary: [...known.keys()] };
}

function joinedFloats(parts: readonly Float64Array[], rows: number): Float64Array {
  const whole = new Float64Array(new SharedArrayBuffer(rows * 8));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
