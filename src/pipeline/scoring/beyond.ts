import { join } from 'node:path';
import type { Column, ColumnBatch } from '../../dataset/batch.ts';
import { readJsonFile } from '../../shared/files.ts';
import type { Mask } from '../../shared/sensitive.ts';
import type { FeatureContract, FeatureFacts } from '../job/feature-contract.ts';
import { FEATURES_FILE } from '../job/model-files.ts';
import { columnOf } from '../job/streams.ts';

/** Rows of a batch whose feature is unlike anything that the model was trained on. They are scored all the same. */
export interface Beyond {
  readonly feature: string;
  readonly what: 'range' | 'category' | 'missing';
  readonly rows: number;
  /** In words, for people. */
  readonly told: string;
}

/** How many new categories are named. */
const NAMED = 3;

/** Holds the features of a batch against the feature contract that the model's folder keeps. An older model has none: then nothing is found. */
export class BeyondContract {
  readonly #watches: readonly Watch[];

  /** Of columns that `mask` hides nothing is told, whether they were sensitive when the model was trained or are now. */
  constructor(folder: string, mask: Mask) {
    const contract = readJsonFile(join(folder, FEATURES_FILE)) as FeatureContract | undefined;
    this.#watches = contract === undefined || contract.rows === 0 ? [] : contract.features.map((facts) => new Watch(mask.hides(facts.name) ? { ...facts, range: null, categories: null } : facts));
  }

  look(batch: ColumnBatch): void {
    for (const watch of this.#watches) watch.look(columnOf(batch, watch.facts.name));
  }

  /** In the model's order. */
  found(): readonly Beyond[] {
    return this.#watches.flatMap((watch) => watch.found());
  }
}

class Watch {
  readonly facts: FeatureFacts;
  readonly #seen: ReadonlySet<string> | undefined;
  readonly #fresh = new Set<string>();
  #missing = 0;
  #beyond = 0;

  constructor(facts: FeatureFacts) {
    this.facts = facts;
    this.#seen = facts.categories === null ? undefined : new Set(facts.categories.map(({ value }) => value));
  }

  look(column: Column): void {
    if (column.storage === 'number') this.#lookAtNumbers(column.values, this.facts.range ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
    else this.#lookAtCategories(column.codes, column.dictionary);
  }

  found(): readonly Beyond[] {
    const { name: feature, nullable, range } = this.facts;
    const found: Beyond[] = [];
    if (this.#missing > 0 && !nullable) found.push({ feature, what: 'missing', rows: this.#missing, told: `no ${feature}, which no training row lacked` });
    if (this.#beyond === 0) return found;
    if (range !== null) return [...found, { feature, what: 'range', rows: this.#beyond, told: `${feature} beyond ${range[0]} to ${range[1]}, which training rows had` }];
    return [...found, { feature, what: 'category', rows: this.#beyond, told: `a value of ${feature} that no training row had: ${this.#named()}` }];
  }

  /** A missing number is NaN. */
  #lookAtNumbers(values: Float64Array, [least, greatest]: readonly [number, number]): void {
    for (const value of values) {
      if (Number.isNaN(value)) this.#missing += 1;
      else if (value < least || value > greatest) this.#beyond += 1;
    }
  }

  #lookAtCategories(codes: Int32Array, dictionary: readonly string[]): void {
    const seen = this.#seen;
    const isNew = dictionary.map((value) => seen !== undefined && !seen.has(value));
    for (const code of codes) {
      if (code < 0) this.#missing += 1;
      else if (isNew[code] === true) {
        this.#beyond += 1;
        if (this.#fresh.size <= NAMED) this.#fresh.add(dictionary[code]!);
      }
    }
  }

  #named(): string {
    const names = [...this.#fresh].slice(0, NAMED).map((value) => JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value));
    return `${names.join(', ')}${this.#fresh.size > NAMED ? ' and others' : ''}`;
  }
}
