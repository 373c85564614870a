import type { ColumnBatch, Storage } from '../../dataset/batch.ts';
import type { Contract } from '../../dataset/contract.ts';
import { concatenate } from '../../dataset/floats.ts';
import { NightshiftError } from '../../shared/errors.ts';
import { columnOf } from './streams.ts';

/** Gathers what the user's own rule predicts, from a column of `features`, batch by batch. */
export class RuleColumn {
  readonly #name: string | undefined;
  readonly #contract: Contract;
  readonly #parts: Float64Array[] = [];

  constructor(name: string | undefined, contract: Contract) {
    this.#name = name;
    this.#contract = contract;
  }

  /** How the column is held; nothing where there is no rule. */
  get storage(): Readonly<Record<string, Storage>> {
    return this.#name === undefined ? {} : { [this.#name]: this.#contract.task === 'multiclass' ? 'text' : 'number' };
  }

  add(batch: ColumnBatch): void {
    if (this.#name !== undefined) this.#parts.push(this.#contract.task === 'multiclass' ? this.#classes(batch, this.#name) : this.#numbers(batch, this.#name));
  }

  /** Row-major, rows × outputs, as a model predicts; undefined where there is no rule. */
  predictions(): Float64Array | undefined {
    return this.#name === undefined ? undefined : concatenate(this.#parts);
  }

  #numbers(batch: ColumnBatch, name: string): Float64Array {
    const column = columnOf(batch, name);
    if (column.storage !== 'number') throw invalid(name, 'text', 'a number');
    const isBinary = this.#contract.task === 'binary';
    for (let row = 0; row < batch.rows; row++) {
      const value = column.values[row]!;
      if (column.nulls?.[row] === 1 || !Number.isFinite(value) || (isBinary && (value < 0 || value > 1))) throw invalid(name, column.nulls?.[row] === 1 ? 'a missing value' : String(value), isBinary ? 'a probability from 0 to 1 in every row' : 'a number in every row');
    }
    return column.values;
  }

  #classes(batch: ColumnBatch, name: string): Float64Array {
    const column = columnOf(batch, name);
    const { classes } = this.#contract;
    const predictions = new Float64Array(batch.rows * classes.length);
    for (let row = 0; row < batch.rows; row++) {
      const value = column.storage === 'text' ? column.dictionary[column.codes[row]!] : undefined;
      const k = classes.indexOf(value ?? '');
      if (k < 0) throw invalid(name, value ?? 'a missing value', `one of ${classes.join(', ')}`);
      predictions[row * classes.length + k] = 1;
    }
    return predictions;
  }
}

function invalid(name: string, found: string, expected: string): NightshiftError {
  return new NightshiftError({ code: 'rule-invalid', what: `The rule ${name} predicts what no model could`, where: 'rule: in pipeline.yaml', column: name, found, expected, fix: 'mend the column in steps/01-extract' });
}
