import { DATE_ORDERS, type DateOrder, isoOf } from '../shared/date-order.ts';
import { NightshiftError } from '../shared/errors.ts';
import { NumberBuilder, TextBuilder } from './batch-builder.ts';
import type { ColumnBatch } from './batch.ts';
import { CELL_FORMS, parseCell } from './cell.ts';
import { type CsvForm, csvHeader, csvLineOf, csvRecords, placeNames } from './csv-records.ts';
import { storageOf } from './sql-type.ts';
import type { SqlType } from './sql-type.ts';

const BATCH_ROWS = 16_384;
/** Dates and codes come again and again: as many texts of a column are looked up instead of being parsed. */
const REMEMBERED_TEXTS = 10_000;

export interface CsvOptions extends CsvForm {
  /** Types by column; a column that is not named is text. */
  readonly types: Readonly<Record<string, SqlType>>;
  /** How dates are written that are not ISO. */
  readonly dates?: DateOrder | undefined;
  readonly batchRows?: number;
}

/** The columns that some files of one table share. Throws `source-headers` if they differ, `csv-invalid` if there are none. */
export async function csvColumns(files: readonly string[], form: CsvForm): Promise<readonly string[]> {
  const [first = '', ...others] = files;
  const header = placeNames(await csvHeader(first, form));
  assertHeader(first, header);
  for (const file of others) assertSameHeader(first, header, file, placeNames(await csvHeader(file, form)));
  return header;
}

/**
 * Streams CSV files, one after the other, as column batches. An empty cell is a missing value, whatever the type.
 * Throws `source-type` with file, line, column and value for a cell that is not of its declared type.
 */
export async function* readCsv(files: readonly string[], options: CsvOptions): AsyncGenerator<ColumnBatch> {
  const header = await csvColumns(files, options);
  const batchRows = options.batchRows ?? BATCH_ROWS;
  const columns = header.map((name) => new CellColumn({ name, type: options.types[name] ?? 'text', dates: options.dates }, batchRows));
  let rows = 0;
  for (const file of files) {
    let record = 0;
    for await (const group of csvRecords(file, options)) {
      for (const cells of group) {
        record += 1;
        if (record === 1) continue;
        const fault = setRow(columns, rows, cells);
        if (fault !== undefined) throw await cellError(fault, file, options, record - 1);
        rows += 1;
        if (rows < batchRows) continue;
        yield finish(columns, rows);
        rows = 0;
      }
    }
  }
  if (rows > 0) yield finish(columns, rows);
}

interface Fault {
  readonly column: CellColumn;
  readonly text: string;
}

/** One column as cells are added to it. */
class CellColumn {
  readonly name: string;
  readonly type: SqlType;
  readonly numbers: NumberBuilder | undefined;
  readonly texts: TextBuilder | undefined;
  readonly #dates: DateOrder | undefined;
  readonly #parsed = new Map<string, number | string>();

  constructor({ name, type, dates }: { readonly name: string; readonly type: SqlType; readonly dates: DateOrder | undefined }, rows: number) {
    this.name = name;
    this.type = type;
    this.#dates = type === 'date' || type === 'timestamp' ? dates : undefined;
    if (storageOf(type) === 'number') this.numbers = new NumberBuilder(rows);
    else this.texts = new TextBuilder(rows);
  }

  /** False if the text is not of the column's type. */
  set(row: number, text: string): boolean {
    if (text === '') {
      (this.numbers ?? this.texts)?.setNull(row);
      return true;
    }
    const value = this.type === 'text' ? text : this.#valueOf(text);
    if (typeof value === 'number') this.numbers?.set(row, value);
    else if (value !== undefined) this.texts?.set(row, value);
    return value !== undefined;
  }

  #valueOf(text: string): number | string | undefined {
    const known = this.#parsed.get(text);
    if (known !== undefined) return known;
    const value = parseCell(this.#dates === undefined ? text : isoOf(text, this.#dates), this.type);
    if (value !== undefined && this.#parsed.size < REMEMBERED_TEXTS) this.#parsed.set(text, value);
    return value;
  }
}

function setRow(columns: readonly CellColumn[], row: number, cells: readonly string[]): Fault | undefined {
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i]!;
    const text = cells[i] ?? '';
    if (!column.set(row, text)) return { column, text };
  }
  return undefined;
}

function finish(columns: readonly CellColumn[], rows: number): ColumnBatch {
  return { rows, columns: new Map(columns.map((column) => [column.name, (column.numbers ?? column.texts!).finish(rows)])) };
}

async function cellError(fault: Fault, file: string, form: CsvForm, record: number): Promise<NightshiftError> {
  const line = await csvLineOf(file, form, record);
  return new NightshiftError({
    code: 'source-type',
    what: `A value of the column "${fault.column.name}" is not of its declared type`,
    where: `${file}, line ${line}`,
    found: JSON.stringify(fault.text),
    column: fault.column.name,
    expected: `${CELL_FORMS[fault.column.type]}, or an empty cell`,
    fix: `mend the file, or declare the column as what it is under \`types:\` in pipeline.yaml${isWrittenAnotherWay(fault) ? '; `dates:` of the source says in which order its dates are written' : ''}`,
  });
}

/** Whether a text is a date in an order that was not said. */
function isWrittenAnotherWay({ column: { type }, text }: Fault): boolean {
  return (type === 'date' || type === 'timestamp') && DATE_ORDERS.some((order) => parseCell(isoOf(text, order), 'timestamp') !== undefined);
}

function assertHeader(file: string, header: readonly string[]): void {
  const names = header.map((name) => name.toLowerCase());
  const twice = header.find((_, i) => names.indexOf(names[i]!) !== i);
  const found = header.length === 0 ? 'an empty file' : twice === undefined ? undefined : `"${twice}" twice`;
  if (found === undefined) return;
  throw new NightshiftError({
    code: 'csv-invalid',
    what: 'A CSV file needs a header that names each column once',
    where: `${file}, line 1`,
    found,
    fix: 'mend the first line of the file',
  });
}

function assertSameHeader(first: string, header: readonly string[], file: string, found: readonly string[]): void {
  if (found.length === header.length && found.every((name, i) => name === header[i])) return;
  throw new NightshiftError({
    code: 'source-headers',
    what: 'The files of one source do not have the same columns in the same order',
    where: `${file}, line 1`,
    found: found.join(', '),
    expected: `${header.join(', ')}, as in ${first}`,
    fix: 'mend the file, or narrow the pattern of the source in pipeline.yaml',
  });
}
