import type { BatchProfile, ColumnProfile } from './profile.ts';

/** Columns of text where the terminal does not say how many it has. */
const WIDTH = 120;
const MISSING = '–';
const FIGURES = ['type', 'missing', 'distinct', 'mean', 'sd', 'min', 'p25', 'median', 'p75', 'max'];
const VALUES = ['most frequent values, and their share of the rows'];

/** A profile as the frame of danfojs prints it, a row for each column of the batch: figures first, frequent values below. */
export async function profileText({ columns }: BatchProfile, width = WIDTH): Promise<string> {
  const { DataFrame } = await import('danfojs-node');
  const index = columns.map(({ name }) => name);
  const frame = (header: readonly string[], rows: string[][]): string => {
    // Left to itself it shows seven columns and ten rows, and cuts every cell at sixteen characters.
    const config = { tableMaxRow: rows.length, tableMaxColInConsole: header.length, tableDisplayConfig: layout(header.length) };
    return new DataFrame(rows, { index, columns: [...header], config }).toString().replaceAll(/ +$/gm, '');
  };
  const room = Math.max(40, width - Math.max(...index.map((name) => name.length)) - 2);
  return `${frame(FIGURES, columns.map(figureCells))}\n${frame(VALUES, columns.map((column) => [frequentValues(column, room)]))}`;
}

/** One line, below the header; names and the first column to the left, figures to the right. */
function layout(columns: number) {
  const sides = ['topBody', 'topJoin', 'topLeft', 'topRight', 'bottomBody', 'bottomJoin', 'bottomLeft', 'bottomRight', 'bodyLeft', 'bodyRight', 'bodyJoin', 'joinLeft', 'joinRight', 'joinJoin'];
  return {
    border: { ...Object.fromEntries(sides.map((side) => [side, ''])), joinBody: '─' },
    columns: Array.from({ length: columns + 1 }, (_, i) => ({ alignment: i < 2 ? ('left' as const) : ('right' as const), paddingLeft: 0, paddingRight: i === columns ? 0 : 2 })),
    drawHorizontalLine: (line: number): boolean => line === 1,
  };
}

function figureCells({ type, missing, distinct, mean, sd, min, p25, median, p75, max }: ColumnProfile): string[] {
  return [type, grouped(missing), grouped(distinct), ...[mean, sd, min, p25, median, p75, max].map((value) => shown(value, 19))];
}

/** As many frequent values as there is room for. */
function frequentValues({ top, rows, distinct, sensitive }: ColumnProfile, room: number): string {
  if (top.length === 0) return distinct === 0 ? 'all missing' : 'all different';
  const texts = top.map(({ value, rows: times }) => `${shown(value, 30)} ${percent(times / rows)}`);
  let line = texts[0] ?? '';
  for (const text of texts.slice(1)) if (line.length + text.length + 3 <= room) line += `   ${text}`;
  return sensitive ? `${line}   (sensitive: hashes)` : line;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 1 : 0)}%`;
}

/** A value on one line, cut where it is long; fractions to four or more digits. */
function shown(value: ColumnProfile['min'], length: number): string {
  if (value === null) return MISSING;
  if (typeof value === 'string') return value === '' ? '""' : cut(value.replaceAll(/\p{Cc}/gu, ' '), length);
  if (typeof value === 'bigint' || Number.isInteger(value)) return grouped(value);
  const size = Math.abs(value);
  if (!Number.isFinite(value) || size >= 1e9 || size < 1e-3) return value.toExponential(3);
  return grouped(value.toFixed(size >= 1000 ? 1 : size >= 10 ? 2 : 4));
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

/** Thousands apart, the same in every locale. */
function grouped(value: number | bigint | string): string {
  const [whole = '', fraction] = String(value).split('.');
  return whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',') + (fraction === undefined ? '' : `.${fraction}`);
}
