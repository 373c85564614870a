export type BatchFormat = 'csv' | 'jsonl';

const JSON_NAME = /\.(?:jsonl|ndjson)(?:\.gz)?$/i;

/** The format that a name and the first bytes of the text tell: what begins as a JSON object is JSON Lines, whatever its name. */
export function formatOf(name: string, head: Buffer): BatchFormat {
  return JSON_NAME.test(name) || /^\s*\{\s*["}]/.test(head.toString('latin1')) ? 'jsonl' : 'csv';
}
