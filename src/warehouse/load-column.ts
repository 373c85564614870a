import type { Column, ColumnBatch, NumberColumn, TextColumn } from '../dataset/batch.ts';
import { CELL_FORMS, parseCell } from '../dataset/cell.ts';
import { storageOf } from '../dataset/sql-type.ts';
import type { SqlType } from '../dataset/sql-type.ts';
import { NightshiftError } from '../shared/errors.ts';

/** A column of a batch that is being loaded, of the storage that its type asks for. Throws `load-shape`. */
export function loadedColumn(batch: ColumnBatch, name: string, type: SqlType): Column {
  const column = batch.columns.get(name);
  if (column === undefined) throw shapeError(name, `no such column; there are ${[...batch.columns.keys()].join(', ')}`);
  if (column.storage !== storageOf(type)) throw shapeError(name, `${column.storage} for a column of type ${type}`);
  return column;
}

/** A number to be loaded, or null. Throws `value-type` for what is none of its type's. */
export function loadedNumber(name: string, type: SqlType, { values, nulls }: NumberColumn, row: number): number | null {
  if (nulls !== undefined && nulls[row] === 1) return null;
  const value = values[row]!;
  if (type !== 'number' && !Number.isSafeInteger(value)) throw valueError(name, type, String(value));
  return value;
}

/** The dictionary of a column to be loaded. Throws `value-type` for a text that is none of its type's. */
export function loadedTexts(name: string, type: SqlType, { dictionary }: TextColumn): readonly string[] {
  if (type === 'text') return dictionary;
  return dictionary.map((text) => {
    const value = parseCell(text, type);
    if (typeof value !== 'string') throw valueError(name, type, JSON.stringify(text));
    return value;
  });
}

function shapeError(column: string, found: string): NightshiftError {
  return new NightshiftError({ code: 'load-shape', what: `The column "${column}" cannot be loaded`, found });
}

export function valueError(column: string, type: SqlType, found: string): NightshiftError {
  return new NightshiftError({ code: 'value-type', what: `A value of "${column}" cannot be loaded`, found, column, expected: CELL_FORMS[type] });
}
