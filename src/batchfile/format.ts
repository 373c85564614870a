import { usage } from './faults.ts';

export type BatchFormat = 'csv' | 'jsonl';

const JSON_NAME = /\.(?:jsonl|ndjson)(?:\.gz)?$/i;
const ZIP = Buffer.from('PK\u0003\u0004', 'latin1');
const PARQUET = Buffer.from('PAR1', 'latin1');

/** The format that a name and the first bytes of the text tell: what begins as a JSON object is JSON Lines, whatever its name. */
export function formatOf(name: string, head: Buffer): BatchFormat {
  return JSON_NAME.test(name) || /^\s*\{\s*["}]/.test(head.toString('latin1')) ? 'jsonl' : 'csv';
}

/** Throws `not-text` for files that are often brought in place of a CSV file and are none. */
export function assertText(head: Buffer): void {
  const kind = head.subarray(0, 4).equals(ZIP) ? 'a workbook or another ZIP file' : head.subarray(0, 4).equals(PARQUET) ? 'a Parquet file' : undefined;
  if (kind !== undefined) throw usage({ code: 'not-text', what: 'The batch is neither CSV nor JSON Lines', found: kind, expected: 'text', fix: 'save it as CSV; a Parquet file is known by its name, which ends in .parquet' });
}
