import type { Column } from '../dataset/batch.ts';
import { storageOf } from '../dataset/sql-type.ts';
import type { SqlType } from '../dataset/sql-type.ts';
import { faultOf } from './cell-faults.ts';
import { canonicalKey, cellValue } from './cell-value.ts';
import type { ColumnPlan } from './contract.ts';
import { NumberCells } from './number-cells.ts';
import { isCanonicalInteger, plainInteger, plainNumber } from './plain-numbers.ts';
import type { RejectReason } from './reject.ts';
import { NOT_ASCII, TextCells, UNKNOWN } from './text-cells.ts';
import { isWithin, rangeOf } from './value-range.ts';
import type { ValueRange } from './value-range.ts';

/** How a column's bytes are read without making a text of them. */
type Shortcut = 'integer' | 'number' | 'spelled' | 'unique' | 'integer-key' | 'none';

/**
 * One column as cells are set in it, by their bytes or by their text, with the same outcome: undefined, or why the cell is
 * rejected. A row that is rejected is set over by the next.
 */
export class CellColumn {
  readonly plan: ColumnPlan;
  /** Texts of a wider type that were taken: the first of them is warned of. */
  wide = 0;
  isWarnedOf = false;
  /** A key's cell in the one form that names it; undefined where that is the cell as it came. */
  canonical: string | undefined;
  readonly #shortcut: Shortcut;
  readonly #range: ValueRange;
  readonly #numbers: NumberCells | undefined;
  readonly #texts: TextCells | undefined;
  readonly #least: number;
  readonly #most: number;

  constructor(plan: ColumnPlan, rows: number) {
    this.plan = plan;
    this.#range = rangeOf(plan);
    this.#least = this.#range.least;
    this.#most = this.#range.most;
    this.#shortcut = shortcutOf(plan);
    if ((plan.role !== 'key' || plan.isTyped) && storageOf(plan.type) === 'number') this.#numbers = new NumberCells(rows);
    else this.#texts = new TextCells(rows);
  }

  /** Sets the cell that valid UTF-8 spells. */
  setBytes(row: number, data: Buffer, start: number, end: number): RejectReason | undefined {
    if (start === end) return this.setMissing(row);
    switch (this.#shortcut) {
      case 'integer': {
        const value = plainInteger(data, start, end);
        return Number.isNaN(value) ? this.setPresent(row, data.toString('utf8', start, end)) : this.#setNumber(row, value);
      }
      case 'number': {
        const value = plainNumber(data, start, end);
        return Number.isNaN(value) ? this.setPresent(row, data.toString('utf8', start, end)) : this.#setNumber(row, value);
      }
      case 'unique':
        return this.#setUnique(row, data.toString('utf8', start, end));
      case 'spelled':
        return this.#setSpelled(row, data, start, end);
      case 'integer-key':
        return isCanonicalInteger(data, start, end) ? this.#setWholeKey(row, data, start, end) : this.setPresent(row, data.toString('utf8', start, end));
      case 'none':
        return this.setPresent(row, data.toString('utf8', start, end));
    }
  }

  /** Sets a cell of a CSV record, where nothing between delimiters is a missing value. */
  setText(row: number, text: string): RejectReason | undefined {
    return text === '' ? this.setMissing(row) : this.setPresent(row, text);
  }

  setMissing(row: number): RejectReason | undefined {
    if (this.plan.role === 'key') return 'null-key';
    if (!this.plan.nullable) return 'missing-value';
    (this.#numbers ?? this.#texts)?.setNull(row);
    return undefined;
  }

  setPresent(row: number, text: string): RejectReason | undefined {
    if (this.plan.role === 'key') return this.#setKey(row, text);
    if (this.plan.type === 'text') {
      this.#texts?.set(row, text);
      return undefined;
    }
    const found = cellValue(text, this.plan.type, this.plan.dates);
    if (found === undefined) return faultOf(text, this.plan.type);
    if (!isWithin(found.value, this.#range)) return 'out-of-range';
    if (found.isWide) this.wide += 1;
    if (typeof found.value === 'number') this.#numbers?.set(row, found.value);
    else this.#texts?.set(row, found.value);
    return undefined;
  }

  /** The column of the first `rows` cells; it begins again. */
  finish(rows: number): Column {
    return (this.#numbers ?? this.#texts!).finish(rows);
  }

  #setNumber(row: number, value: number): RejectReason | undefined {
    if (value < this.#least || value > this.#most) return 'out-of-range';
    this.#numbers!.set(row, value);
    return undefined;
  }

  /** A text that the batch has already was found to hold; another is looked at. */
  #setSpelled(row: number, data: Buffer, start: number, end: number): RejectReason | undefined {
    const texts = this.#texts!;
    const code = texts.lookup(data, start, end);
    if (code === UNKNOWN) return this.setPresent(row, data.toString('latin1', start, end));
    if (code === NOT_ASCII) return this.setPresent(row, data.toString('utf8', start, end));
    texts.setCode(row, code);
    this.canonical = undefined;
    return undefined;
  }

  /** A key of digits has no other form. */
  #setWholeKey(row: number, data: Buffer, start: number, end: number): RejectReason | undefined {
    if (this.#numbers !== undefined) return this.#setTypedKey(row, data, start, end);
    const text = data.toString('latin1', start, end);
    const value = Number(text);
    if (!Number.isSafeInteger(value)) return 'integer-too-large';
    if (!isWithin(value, this.#range)) return 'out-of-range';
    return this.#setUnique(row, text);
  }

  #setTypedKey(row: number, data: Buffer, start: number, end: number): RejectReason | undefined {
    const plain = plainInteger(data, start, end);
    const value = Number.isNaN(plain) ? Number(data.toString('latin1', start, end)) : plain;
    this.canonical = undefined;
    return Number.isSafeInteger(value) ? this.#setNumber(row, value) : 'integer-too-large';
  }

  #setUnique(row: number, text: string): undefined {
    this.canonical = undefined;
    if (this.plan.isUnique) this.#texts!.setUnique(row, text);
    else this.#texts!.set(row, text);
  }

  #setKey(row: number, text: string): RejectReason | undefined {
    const { type, dates } = this.plan;
    const canonical = canonicalKey(text, type, dates);
    if (canonical === undefined) return faultOf(text, type);
    // As a number it could not be told from its neighbours.
    if (type === 'integer' && !Number.isSafeInteger(Number(canonical))) return 'integer-too-large';
    if (!isWithin(rangedOf(canonical, type), this.#range)) return 'out-of-range';
    this.canonical = canonical === text ? undefined : canonical;
    this.#numbers?.set(row, Number(canonical));
    // The history has its dates in one form.
    this.#texts?.set(row, dates === undefined ? text : canonical);
    return undefined;
  }
}

function shortcutOf({ role, type, isUnique }: ColumnPlan): Shortcut {
  if (type === 'text') return isUnique ? 'unique' : 'spelled';
  // Texts and dates are held in one form; the other types have several that name the same key.
  if (role === 'key' && type !== 'date') return type === 'integer' ? 'integer-key' : 'none';
  if (type === 'boolean') return 'none';
  return type === 'integer' || type === 'number' ? type : 'spelled';
}

function rangedOf(canonical: string, type: SqlType): number | string {
  return storageOf(type) === 'number' ? Number(canonical) : canonical;
}
