import type { ColumnBatch } from '../dataset/batch.ts';
import type { Contract } from '../dataset/contract.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { nearest } from '../shared/nearest.ts';
import type { Weigh } from './family.ts';
import { labelsOf } from './labels.ts';

/** `balanced`, or what a row of each class counts for; a class that is not named counts 1. Binary classes are `0` and `1`. */
export type ClassWeights = 'balanced' | Readonly<Record<string, number>>;

export interface WeightRequest {
  readonly contract: Contract;
  /** Rows of each class in the training rows, in the contract's order; binary: of 0 and of 1. */
  readonly counts: readonly number[];
  readonly classWeights: ClassWeights | undefined;
  /** The column of numbers that says what a row counts for. */
  readonly column: string | undefined;
  /** The mean of that column over the training rows. */
  readonly columnMean: number;
}

/** What each class's rows count for, 1 on average over the training rows; undefined where they all count the same. */
export function classFactors({ contract, counts, classWeights }: Pick<WeightRequest, 'contract' | 'counts' | 'classWeights'>): Float64Array | undefined {
  if (classWeights === undefined) return undefined;
  const names = contract.task === 'binary' ? ['0', '1'] : contract.classes;
  if (contract.task === 'regression') throw noClasses();
  if (classWeights !== 'balanced') for (const name of Object.keys(classWeights)) if (!names.includes(name)) throw unknownClass(name, names);
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const asked = Float64Array.from(names, (name, k) => (classWeights === 'balanced' ? rows / (names.length * Math.max(1, counts[k]!)) : Object.hasOwn(classWeights, name) ? classWeights[name]! : 1));
  const total = asked.reduce((sum, weight, k) => sum + weight * counts[k]!, 0);
  return asked.map((weight) => (weight * rows) / total);
}

/** What a row counts for: its class's factor times its own weight, 1 on average. Undefined where neither is asked for. */
export function weighBy(request: WeightRequest): Weigh | undefined {
  const { contract, column, columnMean } = request;
  const factors = classFactors(request);
  if (factors === undefined && column === undefined) return undefined;
  return (batch) => {
    const weights = column === undefined ? new Float64Array(batch.rows).fill(1) : rowWeights(batch, column).map((weight) => weight / columnMean);
    if (factors === undefined) return weights;
    const labels = labelsOf(contract, batch);
    return weights.map((weight, row) => weight * factors[labels[row]!]!);
  };
}

/** The column's values; `weight-invalid` where one is missing, negative or no finite number. */
export function rowWeights(batch: ColumnBatch, name: string): Float64Array {
  const column = batch.columns.get(name);
  if (column?.storage !== 'number') throw invalidWeight(name, column === undefined ? 'no such column' : 'text');
  const wrong = column.values.find((value) => !(value >= 0 && value < Infinity));
  if (wrong !== undefined) throw invalidWeight(name, Number.isNaN(wrong) ? 'a missing value' : String(wrong));
  return column.values;
}

/**
 * Probabilities of a model that was trained with class factors, as they would be of rows that count as they are: divided by the
 * factors and made to add up to 1 again. Source: Elkan, "The foundations of cost-sensitive learning", IJCAI 2001, theorem 2.
 */
export function withoutFactors(predictions: Float64Array, factors: Float64Array, task: Contract['task']): Float64Array {
  if (task === 'binary') {
    const [no, yes] = factors as unknown as [number, number];
    return predictions.map((p) => p / yes / (p / yes + (1 - p) / no));
  }
  const made = predictions.slice();
  for (let at = 0; at < made.length; at += factors.length) {
    let total = 0;
    for (let k = 0; k < factors.length; k++) total += made[at + k]! /= factors[k]!;
    for (let k = 0; k < factors.length; k++) made[at + k]! /= total;
  }
  return made;
}

function noClasses(): NightshiftError {
  return new NightshiftError({ code: 'config-invalid', what: 'A regression has no classes to weigh', where: 'model.class_weights', expected: 'weight: COLUMN, which weighs rows', exitCode: ExitCode.usage });
}

function unknownClass(name: string, names: readonly string[]): NightshiftError {
  const closest = nearest(name, names);
  return new NightshiftError({
    code: 'config-invalid',
    what: 'A weight is given for a class that the training rows do not have',
    where: `model.class_weights.${name}`,
    found: name,
    expected: `some of ${names.slice(0, 20).join(', ')}`,
    fix: closest === undefined ? undefined : `did you mean ${closest}?`,
    exitCode: ExitCode.usage,
  });
}

function invalidWeight(name: string, found: string): NightshiftError {
  return new NightshiftError({ code: 'weight-invalid', what: 'A row cannot be weighed', where: `column ${name}`, found, expected: 'a number of 0 or more in every training row', fix: 'mend the query that makes it, for example with coalesce(…, 1)' });
}
