import { NightshiftError } from '../../shared/errors.ts';
import type { Head } from './head.ts';
import type { Batch, Learner } from './learner.ts';

/** The feature that each encoded number and each code of a row is of. */
export interface ColumnNames {
  readonly numbers: readonly string[];
  readonly categories: readonly string[];
}

/** A step after which the loss is no number. */
export interface Fault {
  /** From 1. */
  readonly step: number;
  readonly rate: number;
  /** Features at fault; empty where none stands out. */
  readonly columns: readonly string[];
}

/** Encoded numbers further out than this are called extreme: scaling alone leaves some beyond, numbers drawn in and normal scores never are. */
const EXTREME = 6;
/** So many columns are tried one by one; those that lie furthest out come first. */
const TRIED = 64;

/**
 * The features at fault for a loss that is no number: those without which it is one, each put to 0 (a category to its bucket)
 * alone; where none is, those with values that are no numbers or extreme. The parameters stay as they are.
 */
export function columnsAtFault(batch: Batch, { learner, head, names }: { learner: Learner; head: Head; names: ColumnNames }): readonly string[] {
  const numbers = names.numbers.map((name, column) => ({ name, column, reach: reachOf(batch, column, learner.inputWidth) }));
  const tried = numbers.toSorted((a, b) => b.reach - a.reach).slice(0, TRIED);
  const loss = (without: Batch): number => {
    const { rows, labels, weights } = without;
    return head.loss({ raw: learner.forward(without), labels, weights, rows }, new Float32Array(rows * head.outputs));
  };
  const cured = tried.filter(({ column }) => Number.isFinite(loss(withoutNumber(batch, column, learner.inputWidth)))).map(({ name }) => name);
  const categories = names.categories.slice(0, TRIED).filter((_, column) => Number.isFinite(loss(withoutCode(batch, column, names.categories.length))));
  const found = [...cured, ...categories];
  return [...new Set(found.length > 0 ? found : numbers.filter(({ reach }) => reach >= EXTREME).map(({ name }) => name))];
}

export function lossNotFinite({ step, rate, columns }: Fault): NightshiftError {
  return new NightshiftError({
    code: 'loss-nan',
    what: 'Training came apart: the loss is no longer a number.',
    where: `step ${step}, learning rate ${rate.toPrecision(3)}, ${columnText(columns)}`,
    found: 'a loss of NaN or infinity',
    expected: 'a finite loss',
    fix: columns.length === 0 ? 'Lower learning_rate in the options of the model.' : 'Look at those columns, or lower learning_rate in the options of the model.',
  });
}

/** Said of a model that is what training had come to before. */
export function cameApartNote({ step, rate, columns }: Fault, kept: number): string {
  return `training came apart at step ${step}, learning rate ${rate.toPrecision(3)}, ${columnText(columns)}: the loss was no number; the model is that of epoch ${kept}`;
}

function columnText(columns: readonly string[]): string {
  if (columns.length === 0) return 'no column stands out';
  const shown = columns.slice(0, 8).join(', ');
  return `${columns.length === 1 ? 'column' : 'columns'} ${shown}${columns.length > 8 ? ` and ${columns.length - 8} more` : ''}`;
}

/** The largest size of a number's values; infinite where one is no number. */
function reachOf({ rows, inputs }: Batch, column: number, width: number): number {
  let reach = 0;
  for (let i = 0; i < rows; i++) {
    const size = Math.abs(inputs[i * width + column]!);
    if (!(size <= reach)) reach = Number.isFinite(size) ? size : Infinity;
  }
  return reach;
}

function withoutNumber(batch: Batch, column: number, width: number): Batch {
  const inputs = batch.inputs.slice();
  for (let at = column; at < inputs.length; at += width) inputs[at] = 0;
  return { ...batch, inputs };
}

function withoutCode(batch: Batch, column: number, categories: number): Batch {
  const codes = batch.codes.slice();
  for (let at = column; at < codes.length; at += categories) codes[at] = 1;
  return { ...batch, codes };
}
