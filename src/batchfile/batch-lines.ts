import type { Column, ColumnBatch } from '../dataset/batch.ts';
import { NightshiftError } from '../shared/errors.ts';
import { numberCell, textCell } from './csv-text.ts';
import type { BatchFormat } from './format.ts';

/** Writes the cell of one row. */
type CellText = (row: number) => string;

/** Writes the cells of a row with commas between them: in CSV as they are, in JSON Lines behind their names. Throws `column-absent` where the batch lacks one of the columns. */
export function rowText(batch: ColumnBatch, names: readonly string[], format: BatchFormat): (row: number) => string {
  const cells = names.map((name) => (format === 'csv' ? csvCells : jsonCells)(columnOf(batch, name)));
  const heads = names.map((name, i) => `${i === 0 ? '' : ','}${format === 'csv' ? '' : `${JSON.stringify(name)}:`}`);
  return (row) => {
    let text = '';
    for (let i = 0; i < cells.length; i++) text += heads[i]! + cells[i]!(row);
    return text;
  };
}

/** The rows of a batch as CSV lines that end with CR LF. */
export function csvLines(batch: ColumnBatch, names: readonly string[]): string {
  const textOf = rowText(batch, names, 'csv');
  let lines = '';
  for (let row = 0; row < batch.rows; row++) {
    const line = textOf(row);
    // A lone missing value would be an empty line, which readers skip.
    lines += line === '' ? '""\r\n' : `${line}\r\n`;
  }
  return lines;
}

/** The rows of a batch as JSON Lines: every name in every object, missing values as null. */
export function jsonLines(batch: ColumnBatch, names: readonly string[]): string {
  const textOf = rowText(batch, names, 'jsonl');
  let lines = '';
  for (let row = 0; row < batch.rows; row++) lines += `{${textOf(row)}}\n`;
  return lines;
}

function columnOf(batch: ColumnBatch, name: string): Column {
  const column = batch.columns.get(name);
  if (column !== undefined) return column;
  throw new NightshiftError({ code: 'column-absent', what: `A batch to be written lacks the column "${name}"`, found: [...batch.columns.keys()].join(', ') });
}

function csvCells(column: Column): CellText {
  return cellsOf(column, { missing: '', number: numberCell, text: textCell });
}

function jsonCells(column: Column): CellText {
  return cellsOf(column, { missing: 'null', number: jsonNumber, text: (text) => JSON.stringify(text) });
}

/** JSON has no infinity and no NaN, and null would be a missing value: they are written as texts. */
function jsonNumber(value: number): string {
  return Number.isFinite(value) ? numberCell(value) : `"${value}"`;
}

interface CellForms {
  readonly missing: string;
  readonly number: (value: number) => string;
  readonly text: (text: string) => string;
}

/** A text is put into its form once, however often it comes. */
function cellsOf(column: Column, { missing, number, text }: CellForms): CellText {
  if (column.storage === 'number') {
    const { values, nulls } = column;
    return nulls === undefined ? (row) => number(values[row]!) : (row) => (nulls[row] === 1 ? missing : number(values[row]!));
  }
  const { codes, dictionary } = column;
  const formed: (string | undefined)[] = [];
  return (row) => {
    const code = codes[row]!;
    return code < 0 ? missing : (formed[code] ??= text(dictionary[code]!));
  };
}
