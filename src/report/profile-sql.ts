import { typeOfWord } from '../warehouse/type-words.ts';
import type { Dialect, Row } from '../warehouse/warehouse.ts';

export type ColumnKind = 'integer' | 'number' | 'boolean' | 'date' | 'timestamp' | 'text' | 'mixed';

/** What one scan tells of a column. */
export interface ColumnFacts {
  readonly name: string;
  readonly kind: ColumnKind;
  readonly isNumeric: boolean;
  readonly rows: number;
  /** Rows in which it is not missing. */
  readonly present: number;
}

/** One scan: the rows (n), and of each column i the rows that have a value (c<i>) and what its values are (a<i>, z<i>). */
export function scanQuery({ identifier }: Dialect, from: string, names: readonly string[]): string {
  const each = names.flatMap((name, i) => {
    const column = identifier(name);
    // A column of SQLite may hold anything, and the columns of an expression have no type there; so values are asked.
    const held = `CASE WHEN ${column} IS NOT NULL THEN typeof(${column}) END`;
    return [`count(${column}) AS c${i}`, `min(${held}) AS a${i}`, `max(${held}) AS z${i}`];
  });
  return `SELECT count(*) AS n, ${each.join(', ')} FROM ${from}`;
}

export function columnFacts(scan: Row, name: string, i: number): ColumnFacts {
  const kinds = new Set([scan[`a${i}`], scan[`z${i}`]].filter((one) => one != null).map((one) => typeOfWord(String(one)) ?? 'text'));
  const isNumeric = kinds.size > 0 && [...kinds].every((one) => one === 'integer' || one === 'number' || one === 'boolean');
  const [only] = kinds;
  const kind = kinds.size === 1 ? only : isNumeric ? 'number' : kinds.size === 0 ? 'text' : 'mixed';
  return { name, kind: kind ?? 'text', isNumeric, rows: Number(scan['n']), present: Number(scan[`c${i}`]) };
}

/** How many frequent values a profile shows. */
export const TOP_VALUES = 5;

/**
 * The values of a column that a profile needs, in their order: least and greatest, those around the quartiles, the most
 * frequent; each with the rows that have it (n), the rows up to it (upto) and its place by frequency; with every one the
 * number of distinct values and, of numbers, the mean and the sum of squared differences from it. Counting each value once
 * leaves little to sort, and quantiles need no function that only one engine has.
 */
export function groupsQuery({ identifier }: Dialect, from: string, { name, isNumeric, present }: ColumnFacts): string {
  const quarters = isNumeric ? [0.25, 0.5, 0.75].flatMap((share) => [Math.floor((present - 1) * share), Math.ceil((present - 1) * share)]) : [];
  const ranks = [...new Set([0, ...quarters, present - 1])].sort((a, b) => a - b);
  const asked = ranks.map((rank) => `(upto > ${rank} AND upto - n <= ${rank})`);
  const figure = isNumeric ? 'CAST(v AS DOUBLE)' : 'NULL';
  return `
WITH counted AS MATERIALIZED (
  SELECT ${identifier(name)} AS v, count(*) AS n FROM ${from} WHERE ${identifier(name)} IS NOT NULL GROUP BY 1
),
means AS (SELECT count(*) AS distinct_values, sum(${figure} * n) / ${present} AS mean FROM counted),
spreads AS (SELECT sum((${figure} - mean) * (${figure} - mean) * n) AS squares FROM counted CROSS JOIN means),
ranked AS (
  SELECT v, n, sum(n) OVER (ORDER BY v) AS upto, row_number() OVER (ORDER BY n DESC, v) AS place FROM counted
)
SELECT v, n, upto, place, distinct_values, mean, squares
FROM ranked CROSS JOIN means CROSS JOIN spreads
WHERE place <= ${TOP_VALUES} OR ${asked.join(' OR ')}
ORDER BY upto`;
}
