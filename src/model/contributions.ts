import type { Column, ColumnBatch } from '../dataset/batch.ts';
import { pickColumn } from '../dataset/pick.ts';
import { type Shares, shapleyShares } from '../evaluation/shapley.ts';
import type { FittedModel } from './family.ts';
import { featureColumns } from './features.ts';

export interface ContributionsRequest {
  /** One row. */
  readonly row: ColumnBatch;
  /** The row that it is held against. */
  readonly against: ColumnBatch;
  /** Which of the model's outputs. */
  readonly output: number;
  readonly seed: number;
}

/** What each feature contributes, in the contract's order, from the prediction `empty` of the other row to that of this one, `full`. */
export interface Contributions extends Shares {
  /** Features whose value is that of the other row and which therefore contribute nothing. */
  readonly same: number;
}

/** Predictions a row at most: errors of the contributions halve with four times as many. */
const MOST_PREDICTIONS = 4096;

/** Why a model predicts of a row what it does, and not what it predicts of another: the Shapley values of its features. Throws `contract-broken`. */
export async function contributionsOf(model: FittedModel, { row, against, output, seed }: ContributionsRequest): Promise<Contributions> {
  const pairs = featureColumns(model.contract, row).map((own, i) => both(own, featureColumns(model.contract, against)[i]!));
  const differing = pairs.flatMap((pair, i) => (isSame(pair) ? [] : [i]));
  const outputs = Math.max(1, model.contract.classes.length);
  const worth = async (members: Uint8Array, coalitions: number): Promise<Float64Array> => {
    const columns = pairs.map((pair, i): [string, Column] => {
      const player = differing.indexOf(i);
      return [model.contract.features[i]!.name, pickColumn(pair, Uint8Array.from({ length: coalitions }, (_, at) => (player < 0 ? 1 : members[at * differing.length + player]!)))];
    });
    const predictions = await model.predict({ rows: coalitions, columns: new Map(columns) });
    return Float64Array.from({ length: coalitions }, (_, at) => predictions[at * outputs + output]!);
  };
  const shares = await shapleyShares({ players: differing.length, worth, seed, most: MOST_PREDICTIONS });
  return { ...shares, contributions: spread(shares.contributions, differing, pairs.length), errors: spread(shares.errors, differing, pairs.length), same: pairs.length - differing.length };
}

/** A column of two values: the other row's and this one's. */
function both(own: Column, other: Column): Column {
  if (own.storage === 'number' && other.storage === 'number') {
    const nulls = Uint8Array.of(other.nulls?.[0] ?? 0, own.nulls?.[0] ?? 0);
    return { storage: 'number', values: Float64Array.of(other.values[0]!, own.values[0]!), nulls: nulls.includes(1) ? nulls : undefined };
  }
  const [theirs, ours] = [textOf(other), textOf(own)];
  const dictionary = [...new Set([theirs, ours].filter((value) => value !== null))];
  return { storage: 'text', codes: Int32Array.of(theirs === null ? -1 : dictionary.indexOf(theirs), ours === null ? -1 : dictionary.indexOf(ours)), dictionary };
}

function textOf(column: Column): string | null {
  return column.storage === 'text' ? (column.dictionary[column.codes[0]!] ?? null) : null;
}

function isSame(pair: Column): boolean {
  return pair.storage === 'text' ? pair.codes[0] === pair.codes[1] : Object.is(pair.values[0], pair.values[1]) && pair.nulls?.[0] === pair.nulls?.[1];
}

function spread(values: Float64Array, places: readonly number[], length: number): Float64Array {
  const all = new Float64Array(length);
  places.forEach((place, i) => (all[place] = values[i]!));
  return all;
}
