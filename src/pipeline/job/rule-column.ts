import type { ColumnBatch, Storage } from '../../dataset/batch.ts';
import type { Contract } from '../../dataset/contract.ts';
import { concatenate } from '../../dataset/floats.ts';
import { rulePredictions } from '../../evaluation/rule.ts';
import type { EvaluationData } from '../../evaluation/task-metrics.ts';
import { columnOf } from './streams.ts';

/** Gathers what the user's own rule predicts, from a column of `features`, batch by batch. */
export class RuleColumn {
  readonly #name: string | undefined;
  readonly #contract: Contract;
  readonly #parts: Pick<EvaluationData, 'predictions' | 'decided'>[] = [];

  constructor(name: string | undefined, contract: Contract) {
    this.#name = name;
    this.#contract = contract;
  }

  /** How the column is held; nothing where there is no rule. */
  get storage(): Readonly<Record<string, Storage>> {
    return this.#name === undefined ? {} : { [this.#name]: this.#contract.task === 'multiclass' ? 'text' : 'number' };
  }

  /** Throws `rule-invalid`. */
  add(batch: ColumnBatch): void {
    const { task, classes } = this.#contract;
    if (this.#name !== undefined) this.#parts.push(rulePredictions(columnOf(batch, this.#name), { task, name: this.#name, classes }));
  }

  /** What it says of all rows; undefined where there is no rule. */
  predictions(): Pick<EvaluationData, 'predictions' | 'decided'> | undefined {
    if (this.#name === undefined) return undefined;
    const decided = this.#parts.flatMap((part) => (part.decided === undefined ? [] : [...part.decided]));
    return { predictions: concatenate(this.#parts.map(({ predictions }) => predictions)), decided: this.#contract.task === 'binary' ? Uint8Array.from(decided) : undefined };
  }
}
