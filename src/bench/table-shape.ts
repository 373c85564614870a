import { bytewise } from '../dataset/bytewise.ts';
import { parseCell } from '../dataset/cell.ts';
import type { Contract, Task } from '../dataset/contract.ts';
import { csvLineOf, csvRecords } from '../dataset/csv-records.ts';
import { NightshiftError } from '../shared/errors.ts';
import type { TableFiles } from './table-files.ts';

/** What a table was taken for, by its training file alone. */
export interface TableShape {
  readonly contract: Contract;
  /** Binary: the value that counts as 1, and the other. */
  readonly positive: string | undefined;
  readonly negative: string | undefined;
  readonly trainRows: number;
}

/** A numeric label of more values than this is a quantity; of fewer, classes. */
const MOST_CLASSES = 20;
const POSITIVES = ['1', '1.0', 'yes', 'true'];

/**
 * Takes a column for a number if all its cells that are not empty are numbers, otherwise for a category. The label: two values are
 * a binary task, more than 20 different numbers a regression, anything else classes. Throws `bench-unlabelled` and
 * `bench-label-single`, with the file.
 */
export async function shapeOf({ train, columns }: TableFiles): Promise<TableShape> {
  const label = columns.at(-1)!;
  const looks = columns.map(() => new ColumnLook());
  const values = new Set<string>();
  let trainRows = 0;
  for await (const cells of recordsOf(train, columns.length)) {
    trainRows += 1;
    for (let i = 0; i < looks.length; i++) looks[i]!.see(cells[i]!);
    values.add(cells.at(-1)!);
  }
  if (values.size < 2) throw singleLabel(train, label, [...values]);
  const task = taskOf(values, looks.at(-1)!.isNumber);
  const sorted = task === 'regression' ? [] : [...values].sort(bytewise);
  const positive = task === 'binary' ? (sorted.find((value) => POSITIVES.includes(value.toLowerCase())) ?? sorted[1]) : undefined;
  const features = columns.slice(0, -1).map((name, i) => ({ name, kind: looks[i]!.isNumber ? ('number' as const) : ('category' as const) }));
  const contract: Contract = { task, features, label, classes: task === 'multiclass' ? sorted : [] };
  return { contract, positive, negative: task === 'binary' ? sorted.find((value) => value !== positive) : undefined, trainRows };
}

/** The records of a table's file without its header; `bench-unlabelled` where the last cell of one is empty. */
async function* recordsOf(file: string, columns: number): AsyncGenerator<readonly string[]> {
  let record = 0;
  for await (const group of csvRecords(file, { delimiter: ',' })) {
    for (const cells of group) {
      if (record > 0 && cells[columns - 1] === '') throw unlabelled(file, await csvLineOf(file, { delimiter: ',' }, record));
      if (record > 0) yield cells;
      record += 1;
    }
  }
}

/** Rows of a file every row of which has a label. */
export async function countLabelled(file: string, columns: number): Promise<number> {
  let rows = 0;
  for await (const cells of recordsOf(file, columns)) rows += cells.length > 0 ? 1 : 0;
  if (rows === 0) throw new NightshiftError({ code: 'bench-table-invalid', what: 'A file of a table has no rows', where: file, expected: 'a row or more below the header' });
  return rows;
}

/** Whether all that is seen of a column is numbers. */
class ColumnLook {
  isNumber = true;

  see(text: string): void {
    if (this.isNumber && text !== '' && parseCell(text, 'number') === undefined) this.isNumber = false;
  }
}

function taskOf(values: ReadonlySet<string>, isNumber: boolean): Task {
  if (values.size === 2) return 'binary';
  return isNumber && values.size > MOST_CLASSES ? 'regression' : 'multiclass';
}

function unlabelled(file: string, line: number): NightshiftError {
  return new NightshiftError({ code: 'bench-unlabelled', what: 'A row of a table has no label', where: `${file}, line ${line}`, found: 'an empty last cell', expected: 'a label in every row', fix: 'take the rows without a label out of the file' });
}

function singleLabel(file: string, label: string, found: readonly string[]): NightshiftError {
  return new NightshiftError({ code: 'bench-label-single', what: 'All rows of a table have the same label', where: `${file}, column ${label}`, found: found[0] ?? 'no rows', expected: 'two different labels or more' });
}
