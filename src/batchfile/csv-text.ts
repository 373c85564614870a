import { csvLine } from '../dataset/csv-write.ts';

const RUN = /^[=+\-@\t\r]/;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const QUOTED = /[",\r\n]|^\s|\s$/;

/**
 * A text that a spreadsheet will show and not run: an apostrophe stands before what begins with `=`, `+`, `-`, `@`, a tab or a
 * CR, unless it is a number through and through. See OWASP, "CSV Injection".
 */
export function neutralised(text: string): string {
  return RUN.test(text) && !NUMBER.test(text) ? `'${text}` : text;
}

/** A cell of text, quoted where it must be; an empty text is quoted, since nothing is a missing value. */
export function textCell(text: string): string {
  const shown = neutralised(text);
  return shown === '' || QUOTED.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
}

/** A cell of a number, in the shortest form that reads back as the same number. */
export function numberCell(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** The header: its names are texts like any other. */
export function headerLine(names: readonly string[]): string {
  return csvLine(names.map(neutralised));
}
