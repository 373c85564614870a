import type { ColumnBatch } from '../dataset/batch.ts';
import type { Contract } from '../dataset/contract.ts';
import { NightshiftError } from '../shared/errors.ts';

/**
 * Labels of a batch as numbers: binary 0 and 1, multiclass the index into the contract's classes, regression as it is.
 * A missing label is `label-missing`; one that the task does not know (2, NaN, a new class) is `label-invalid`.
 */
export function labelsOf(contract: Contract, batch: ColumnBatch): Float64Array {
  const column = batch.columns.get(contract.label);
  if (column === undefined) throw invalid(contract, `no column ${contract.label}`);
  const wanted = contract.task === 'multiclass' ? 'text' : 'number';
  if (column.storage !== wanted) throw invalid(contract, `a column of ${column.storage}`);
  return column.storage === 'text'
    ? classIndices(contract, column.codes, column.dictionary)
    : numericLabels(contract, column.values, column.nulls);
}

/** Refuses training labels from which nothing can be told apart: `label-single-class`. */
export function requireVariety(contract: Contract, labels: Float64Array): void {
  const first = labels[0];
  if (first === undefined || labels.some((label) => label !== first)) return;
  const value = contract.task === 'multiclass' ? contract.classes[first] : String(first);
  throw new NightshiftError({
    code: 'label-single-class',
    what: 'Every training row has the same label, so there is nothing to tell apart.',
    where: `label ${contract.label}`,
    found: `${labels.length} rows, all ${value}`,
    expected: 'at least two different labels',
    fix: 'Widen the training window, or check the query that makes the label.',
  });
}

function numericLabels(contract: Contract, values: Float64Array, nulls: Uint8Array | undefined): Float64Array {
  const missing = nulls === undefined ? 0 : nulls.reduce((count, flag) => count + flag, 0);
  if (missing > 0) throw absent(contract, missing, values.length);
  const wrong = values.find((value) => (contract.task === 'binary' ? value !== 0 && value !== 1 : !Number.isFinite(value)));
  if (wrong !== undefined) throw invalid(contract, String(wrong));
  return values;
}

function classIndices(contract: Contract, codes: Int32Array, dictionary: readonly string[]): Float64Array {
  const missing = codes.reduce((count, code) => count + (code < 0 ? 1 : 0), 0);
  if (missing > 0) throw absent(contract, missing, codes.length);
  const known = new Map(contract.classes.map((name, index) => [name, index]));
  const indices = dictionary.map((name) => known.get(name) ?? -1);
  return Float64Array.from(codes, (code) => {
    const index = indices[code] ?? -1;
    if (index < 0) throw invalid(contract, String(dictionary[code]));
    return index;
  });
}

function absent(contract: Contract, missing: number, rows: number): NightshiftError {
  return new NightshiftError({
    code: 'label-missing',
    what: 'Some rows to learn from have no label.',
    where: `label ${contract.label}`,
    found: `${missing} of ${rows} rows in one batch without a label`,
    expected: 'a label in every training and validation row',
    fix: 'Let only rows whose label is known into the training query.',
  });
}

function invalid(contract: Contract, found: string): NightshiftError {
  const expected = {
    binary: '0 or 1',
    multiclass: `one of ${contract.classes.slice(0, 12).join(', ')}`,
    regression: 'a finite number',
  }[contract.task];
  return new NightshiftError({
    code: 'label-invalid',
    what: `The label does not fit a ${contract.task} task.`,
    where: `label ${contract.label}`,
    found,
    expected,
    fix: 'Correct the label in the query, or the task in pipeline.yaml.',
  });
}
