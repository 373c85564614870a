import type { CellColumn } from './cell-column.ts';
import type { Collector, Fault } from './collector.ts';
import { jsonFields } from './json-object.ts';
import type { JsonField } from './json-object.ts';
import type { RejectReason } from './reject.ts';
import { takeKey, textFault } from './take-cells.ts';
import type { RecordBytes } from './take-cells.ts';

const LONE = /[\ud800-\udfff]/u;

/** Accepts or rejects a line of JSON. A name that it does not have is a missing value. */
export function takeJson(into: Collector, line: string, about: RecordBytes): void {
  const fields = jsonFields(line);
  if (typeof fields === 'string') return into.reject(about.line, { column: null, value: null, reason: fields });
  const record = Array.from<JsonField | undefined>({ length: into.columns.length });
  const fault = place(into, fields, record) ?? setAll(into, record, about);
  if (fault !== undefined) into.reject(about.line, fault);
  else if (takeKey(into, record.map((field) => field?.text ?? ''), about)) into.kept?.values(record.map((field) => field?.text ?? null));
}

/** Puts each field where its column is. */
function place(into: Collector, fields: readonly JsonField[], record: (JsonField | undefined)[]): Fault | undefined {
  for (const field of fields) {
    const at = into.placeOf(field.name);
    if (at === undefined) return { column: field.name, value: field.text, reason: 'unknown-field' };
    if (record[at] !== undefined) return { column: field.name, value: field.text, reason: 'duplicate-name' };
    record[at] = field;
  }
  return undefined;
}

function setAll(into: Collector, record: readonly (JsonField | undefined)[], about: RecordBytes): Fault | undefined {
  for (let i = 0; i < record.length; i++) {
    const column = into.columns[i]!;
    const reason = setField(into, column, record[i], about);
    if (reason !== undefined) return { column: column.plan.name, value: record[i]?.text ?? null, reason };
  }
  return undefined;
}

/** An empty string is a text of its own in a column of text, and missing elsewhere. */
function setField(into: Collector, column: CellColumn, field: JsonField | undefined, about: RecordBytes): RejectReason | undefined {
  const text = field?.text ?? null;
  const isText = column.plan.type === 'text' && column.plan.role !== 'key';
  if (text === null || (text === '' && !isText)) return column.setMissing(into.rows);
  if (LONE.test(text)) return 'lone-surrogate';
  return textFault(text, about, into.limits.cell_bytes) ?? column.setPresent(into.rows, text);
}
