import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bytewise } from '../../dataset/bytewise.ts';
import { ExitCode, NightshiftError } from '../../shared/errors.ts';

/** One of the batch's own tests: a file that says in its first comment what holds, how grave a failure is and what it needs. */
export interface BatchTest {
  /** The file's name without its ending. */
  readonly name: string;
  readonly file: string;
  readonly kind: 'sql' | 'jest';
  readonly text: string;
  readonly about: string;
  readonly severity: 'error' | 'warn';
  /** Nights published before this one that it needs; it waits for them. */
  readonly needsNights: number;
}

/** The tests of a step's folder, in bytewise order; throws `test-header` where a file does not say what it tests. */
export function findBatchTests(folder: string, shown: string): readonly BatchTest[] {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.sql') || file.endsWith('.test.ts')) : [];
  return files.sort(bytewise).map((file) => readTest(folder, shown, file));
}

function readTest(folder: string, shown: string, file: string): BatchTest {
  const text = readFileSync(join(folder, file), 'utf8');
  const kind = file.endsWith('.sql') ? 'sql' : 'jest';
  const comment = kind === 'sql' ? '--' : '//';
  const header = text.slice(0, text.search(/^(?!--|\/\/)/m)).split('\n').filter((line) => line.startsWith(comment)).map((line) => line.slice(2).trim());
  const about = header.find((line) => line !== '' && !/^(severity|needs):/.test(line));
  if (about === undefined) throw badHeader(`${shown}/${file}`, header.join(' / ') || 'no comment at its top', 'a first comment line that says what holds');
  return { name: file.replace(/(\.test\.ts|\.sql)$/, ''), file: `${shown}/${file}`, kind, text, about, severity: severityOf(header, `${shown}/${file}`), needsNights: nightsOf(header, `${shown}/${file}`) };
}

function severityOf(header: readonly string[], where: string): 'error' | 'warn' {
  const said = header.find((line) => line.startsWith('severity:'))?.slice('severity:'.length).trim() ?? 'error';
  if (said === 'error' || said === 'warn') return said;
  throw badHeader(where, `severity: ${said}`, 'severity: error, or severity: warn');
}

function nightsOf(header: readonly string[], where: string): number {
  const said = header.find((line) => line.startsWith('needs:'))?.slice('needs:'.length).trim();
  if (said === undefined) return 0;
  const nights = /^(\d{1,4}) nights?$/.exec(said)?.[1];
  if (nights !== undefined) return Number(nights);
  throw badHeader(where, `needs: ${said}`, 'needs: 3 nights');
}

function badHeader(where: string, found: string, expected: string): NightshiftError {
  return new NightshiftError({ code: 'test-header', what: 'A test of the batch does not say what it tests', where, found, expected, exitCode: ExitCode.usage });
}
