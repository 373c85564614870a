import { createHash } from 'node:crypto';
import type { Column, ColumnBatch } from '../../dataset/batch.ts';
import type { EvaluationData } from '../../evaluation/task-metrics.ts';
import type { Config } from '../../shared/config/schema.ts';
import { columnOf } from '../job/streams.ts';
import type { Published } from '../published.ts';

/** Whether the label is known: 1 or 0, and nothing where `features` has no such row. A name that no column of a project has. */
export const KNOWN = 'outcome label known';
export const LABEL = 'outcome label';

/** The scores of a published night, with the labels that are known of them. */
export interface NightScores {
  readonly night: Published;
  /** Rows that were scored. */
  readonly rows: number;
  /** Of these, rows whose label is known. */
  readonly labelled: number;
  /** Rows that `features` no longer has. */
  readonly gone: number;
  /** Rows whose label should be known by the label's own rule, and is missing. */
  readonly missing: number;
  /** Of the rows with a label; of several classes without those of a class that the model does not know, as on its test batch. */
  readonly data: EvaluationData;
  /** For each of them the number of its entity, the same on all nights, where entities recur. */
  readonly entities: Int32Array | undefined;
  /** A hash of the night, its model and these rows. */
  readonly content: string;
}

/** Collects the rows of one night, one by one. */
export class LabelledRows {
  readonly #night: Published;
  readonly #config: Config;
  readonly #further: readonly string[];
  readonly #classes: ReadonlyMap<string, number>;
  readonly #labels: number[] = [];
  readonly #predictions: number[] = [];
  readonly #decided: number[] = [];
  readonly #margins: number[] = [];
  readonly #entities: number[] = [];
  #rows = 0;
  #labelled = 0;
  #gone = 0;
  #missing = 0;

  /** `further`: the columns of scores beside `score`, `score_<class>` or a regression's bounds. */
  constructor(night: Published, config: Config, further: readonly string[]) {
    this.#night = night;
    this.#config = config;
    this.#further = further;
    this.#classes = new Map(config.task === 'multiclass' ? further.map((name, i) => [name.slice('score_'.length), i]) : []);
  }

  add(batch: ColumnBatch, row: number, entity: number | undefined): void {
    this.#rows++;
    const known = numberAt(columnOf(batch, KNOWN), row);
    if (known === null) this.#gone++;
    if (known !== 1) return;
    const label = this.#labelOf(columnOf(batch, LABEL), row);
    if (label === null) this.#missing++;
    else this.#labelled++;
    if (label === null || label < 0) return;
    this.#labels.push(label);
    if (entity !== undefined) this.#entities.push(entity);
    this.#addScores(batch, row);
  }

  /** A class that the model does not know is −1: nothing that it says can be right. */
  #labelOf(column: Column, row: number): number | null {
    if (column.storage === 'number') return numberAt(column, row);
    const name = column.dictionary[column.codes[row]!];
    return name === undefined ? null : (this.#classes.get(name) ?? -1);
  }

  #addScores(batch: ColumnBatch, row: number): void {
    const at = (name: string): number => numberAt(columnOf(batch, name), row) ?? Number.NaN;
    const { task } = this.#config;
    if (task === 'multiclass') for (const name of this.#further) this.#predictions.push(at(name));
    else this.#predictions.push(at('score'));
    if (task === 'binary') this.#decided.push(at('class'));
    if (task === 'regression') this.#margins.push((at('score_high') - at('score_low')) / 2);
  }

  night(): NightScores {
    const { task, decision } = this.#config;
    const margins = Float64Array.from(this.#margins);
    const data: EvaluationData = {
      labels: Float64Array.from(this.#labels),
      predictions: Float64Array.from(this.#predictions),
      decided: task === 'binary' ? Uint8Array.from(this.#decided) : undefined,
      classes: [...this.#classes.keys()],
      cost: decision !== undefined && 'cost' in decision ? decision.cost : undefined,
      margin: margins.length === 0 || margins.includes(Number.NaN) ? undefined : margins,
    };
    const counts = { rows: this.#rows, labelled: this.#labelled, gone: this.#gone, missing: this.#missing };
    return { night: this.#night, ...counts, data, entities: this.#entities.length === 0 ? undefined : Int32Array.from(this.#entities), content: hashOf(this.#night, counts, data) };
  }
}

function hashOf({ runId, modelRun }: Published, counts: object, { labels, predictions, decided, margin }: EvaluationData): string {
  const hash = createHash('sha256').update(JSON.stringify([runId, modelRun, counts]));
  for (const values of [labels, predictions, decided, margin]) if (ArrayBuffer.isView(values)) hash.update(values);
  return hash.digest('hex');
}

function numberAt(column: Column, row: number): number | null {
  if (column.storage !== 'number') throw new Error('the stream lacks a number');
  return column.nulls?.[row] === 1 ? null : column.values[row]!;
}
