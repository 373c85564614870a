import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { csvColumns } from '../dataset/csv-read.ts';
import { bytewise } from '../dataset/bytewise.ts';
import { ExitCode, NightshiftError, codeOf } from '../shared/errors.ts';
import { fileError } from '../shared/files.ts';
import { nearest } from '../shared/nearest.ts';

/** The two files of a table: same columns in the same order, the label last. */
export interface TableFiles {
  readonly name: string;
  readonly train: string;
  readonly test: string;
  readonly columns: readonly string[];
}

const TRAIN = '.train.csv';
const TEST = '.test.csv';

/** Every table of a folder, by name: NAME.train.csv with NAME.test.csv. Errors name the folder, or the file that is missing or differs. */
export async function tablesIn(folder: string, only: readonly string[]): Promise<readonly TableFiles[]> {
  const files = filesOf(folder);
  const names = files.filter((file) => file.endsWith(TRAIN)).map((file) => file.slice(0, -TRAIN.length)).sort(bytewise);
  if (names.length === 0) throw noTables(folder);
  const unknown = only.find((name) => !names.includes(name));
  if (unknown !== undefined) throw noSuchTable(folder, unknown, names);
  const wanted = only.length === 0 ? names : names.filter((name) => only.includes(name));
  const tables: TableFiles[] = [];
  for (const name of wanted) {
    const [train, test] = [join(folder, `${name}${TRAIN}`), join(folder, `${name}${TEST}`)];
    if (!files.includes(`${name}${TEST}`)) throw noTest(train, test);
    tables.push({ name, train, test, columns: await sharedColumns(train, test) });
  }
  return tables;
}

function filesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    if (codeOf(cause) !== 'ENOENT' && codeOf(cause) !== 'ENOTDIR') throw fileError(folder, cause);
    throw new NightshiftError({ code: 'bench-no-folder', what: 'The folder of tables is not there', where: '--data', found: folder, expected: `a folder with NAME${TRAIN} and NAME${TEST}`, exitCode: ExitCode.usage, cause });
  }
}

async function sharedColumns(train: string, test: string): Promise<readonly string[]> {
  const columns = await csvColumns([train], { delimiter: ',' });
  const found = await csvColumns([test], { delimiter: ',' });
  if (columns.length < 2) throw new NightshiftError({ code: 'bench-table-invalid', what: 'A table needs a feature and a label', where: `${train}, line 1`, found: columns.join(', '), expected: 'two columns or more, separated by commas, the label last' });
  if (columns.length === found.length && columns.every((name, i) => name === found[i])) return columns;
  throw new NightshiftError({ code: 'bench-headers', what: 'The two files of a table do not have the same columns in the same order', where: `${test}, line 1`, found: found.join(', '), expected: `${columns.join(', ')}, as in ${train}`, fix: 'mend the header of one of the files' });
}

function noTables(folder: string): NightshiftError {
  return new NightshiftError({ code: 'bench-no-tables', what: 'There is no table in the folder', where: folder, expected: `NAME${TRAIN} and NAME${TEST}, comma-separated, with a header, the label last`, exitCode: ExitCode.usage });
}

function noSuchTable(folder: string, name: string, names: readonly string[]): NightshiftError {
  const closest = nearest(name, names);
  return new NightshiftError({ code: 'bench-no-table', what: 'There is no such table in the folder', where: folder, found: name, expected: `one of ${names.join(', ')}`, fix: closest === undefined ? undefined : `did you mean ${closest}?`, exitCode: ExitCode.usage });
}

function noTest(train: string, test: string): NightshiftError {
  return new NightshiftError({ code: 'bench-no-test', what: 'A table has rows to train on and none to test on', where: train, found: `no ${test}`, expected: 'both files', fix: `add ${test}, or choose other tables with --table` });
}
