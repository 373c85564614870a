import type { Column } from '../dataset/batch.ts';
import type { Task } from '../dataset/contract.ts';
import { NightshiftError } from '../shared/errors.ts';
import type { EvaluationData } from './task-metrics.ts';

export interface RuleOptions {
  readonly task: Task;
  /** The column's name, for errors. */
  readonly name: string;
  /** Multiclass: the classes in the contract's order. */
  readonly classes?: readonly string[] | undefined;
}

/**
 * What a rule of the user's own predicts, from the values of its column: a probability for binary, a number for regression, and for
 * multiclass the name of a class, which it is then certain of. Binary: from 0.5 on it decides for positive.
 * Throws `rule-invalid` at the first value that is missing or is none of these.
 */
export function rulePredictions(column: Column, { task, name, classes = [] }: RuleOptions): Pick<EvaluationData, 'predictions' | 'decided'> {
  if (task === 'multiclass') return { predictions: certainOf(column, name, classes) };
  const predictions = numbersOf(column, name);
  if (task === 'regression') return { predictions };
  const outside = predictions.findIndex((one) => one < 0 || one > 1);
  if (outside >= 0) throw invalidRule(name, `${predictions[outside]} in row ${outside}`, 'a probability from 0 to 1');
  return { predictions, decided: Uint8Array.from(predictions, (one) => (one >= 0.5 ? 1 : 0)) };
}

function numbersOf(column: Column, name: string): Float64Array {
  if (column.storage === 'text') throw invalidRule(name, 'text', 'numbers');
  const missing = column.values.findIndex((one, row) => column.nulls?.[row] === 1 || !Number.isFinite(one));
  if (missing >= 0) throw invalidRule(name, `${column.nulls?.[missing] === 1 ? 'no value' : column.values[missing]} in row ${missing}`, 'a number in every row');
  return Float64Array.from(column.values);
}

function certainOf(column: Column, name: string, classes: readonly string[]): Float64Array {
  if (column.storage === 'number') throw invalidRule(name, 'numbers', `names of classes: ${classes.join(', ')}`);
  const places = column.dictionary.map((value) => classes.indexOf(value));
  const predictions = new Float64Array(column.codes.length * classes.length);
  column.codes.forEach((code, row) => {
    const place = places[code] ?? -1;
    if (place < 0) throw invalidRule(name, `${code < 0 ? 'no value' : column.dictionary[code]} in row ${row}`, `one of ${classes.join(', ')}`);
    predictions[row * classes.length + place] = 1;
  });
  return predictions;
}

function invalidRule(name: string, found: string, expected: string): NightshiftError {
  return new NightshiftError({ code: 'rule-invalid', what: 'The rule does not predict every row', where: `rule: ${name} in pipeline.yaml`, found, column: name, expected });
}
