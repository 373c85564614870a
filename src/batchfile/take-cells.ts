import type { Collector, Fault } from './collector.ts';

/** A record of plain text, valid UTF-8 without quotes and NULs, as its fields were found. One object serves all records. */
export interface PlainRecord {
  readonly data: Buffer;
  readonly start: number;
  /** Where the first fields end, as many as the file has columns. */
  readonly ends: Int32Array;
  readonly fields: number;
  readonly line: number;
}

/** Accepts or rejects a record by its bytes. Allocates nothing for a row that holds and whose texts have come before. */
export function takePlain(into: Collector, record: PlainRecord): void {
  const { columns, rows, limits } = into;
  const { data, ends, fields, line } = record;
  if (fields !== columns.length) return into.reject(line, wrongFields(fields, columns.length));
  let from = record.start;
  for (let i = 0; i < fields; i++) {
    const end = ends[i]!;
    const reason = end - from > limits.cell_bytes ? 'cell-too-large' : columns[i]!.setBytes(rows, data, from, end);
    if (reason !== undefined) return into.reject(line, { column: columns[i]!.plan.name, value: data.toString('utf8', from, end), reason });
    from = end + 1;
  }
  if (isPlainKeyNew(into, record)) {
    into.accept(line, ends[fields - 1]! - record.start);
    into.kept?.plain(record);
  } else into.reject(line, duplicate(into, plainCell(record, into.keyAt[0]!)));
}

function isPlainKeyNew({ key, keyAt, columns }: Collector, { data, start, ends }: PlainRecord): boolean {
  if (keyAt.length === 0) return true;
  key.begin();
  for (let i = 0; i < keyAt.length; i++) {
    const at = keyAt[i]!;
    const { canonical } = columns[at]!;
    if (canonical === undefined) key.addBytes(data, at === 0 ? start : ends[at - 1]! + 1, ends[at]!);
    else key.addText(canonical);
  }
  return key.isNew();
}

function plainCell({ data, start, ends }: PlainRecord, at: number): string {
  return data.toString('utf8', at === 0 ? start : ends[at - 1]! + 1, ends[at]);
}

/** What is known of a record's bytes before its cells are looked at. */
export interface RecordBytes {
  readonly line: number;
  readonly bytes: number;
  readonly hasNul: boolean;
  /** Why its text is not what the file's encoding allows. */
  readonly invalid?: 'invalid-utf-8' | 'lone-surrogate' | undefined;
}

/** Accepts or rejects a record by its texts, with the same outcome as by its bytes. */
export function takeTexts(into: Collector, record: readonly string[], about: RecordBytes): void {
  const { columns, rows } = into;
  if (record.length !== columns.length) return into.reject(about.line, wrongFields(record.length, columns.length));
  for (let i = 0; i < columns.length; i++) {
    const text = record[i]!;
    const reason = textFault(text, about, into.limits.cell_bytes) ?? columns[i]!.setText(rows, text);
    if (reason !== undefined) return into.reject(about.line, { column: columns[i]!.plan.name, value: text, reason });
  }
  // The broken character stood outside the cells that it broke.
  if (about.invalid !== undefined) return into.reject(about.line, { column: null, value: null, reason: about.invalid });
  if (takeKey(into, record, about)) into.kept?.record(record);
}

/** Accepts the row whose cells are set unless its key came before. */
export function takeKey(into: Collector, record: readonly string[], about: RecordBytes): boolean {
  const { key, keyAt, columns } = into;
  key.begin();
  for (const at of keyAt) key.addCell(columns[at]!, record[at]!);
  const isNew = keyAt.length === 0 || key.isNew();
  if (isNew) into.accept(about.line, about.bytes);
  else into.reject(about.line, duplicate(into, record[keyAt[0]!]!));
  return isNew;
}

/** What no cell may hold, whatever its type. */
export function textFault(text: string, { bytes, hasNul, invalid }: RecordBytes, limit: number): Fault['reason'] | undefined {
  if (bytes > limit && Buffer.byteLength(text) > limit) return 'cell-too-large';
  if (hasNul && text.includes('\0')) return 'nul-character';
  return invalid !== undefined && text.includes('\ufffd') ? invalid : undefined;
}

function wrongFields(found: number, expected: number): Fault {
  return { column: null, value: `${found} of ${expected} fields`, reason: found < expected ? 'too-few-fields' : 'too-many-fields' };
}

/** Of a key of several columns the first is named: a value must never stand beside the name of another column, which may be hidden. */
function duplicate({ keyAt, columns }: Collector, value: string): Fault {
  return { column: columns[keyAt[0]!]!.plan.name, value, reason: 'duplicate-key' };
}
