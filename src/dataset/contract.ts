/** The three tasks. What differs between them (loss, outputs, metrics, baseline) sits in one place for each. */
export type Task = 'binary' | 'multiclass' | 'regression';

export type FeatureKind = 'number' | 'category';

export interface Feature {
  readonly name: string;
  readonly kind: FeatureKind;
}

/** What a model may count on: names, kinds and order of its features, and what it predicts. */
export interface Contract {
  readonly task: Task;
  readonly features: readonly Feature[];
  /** The label's column. Binary: numbers 0 and 1. Regression: numbers. Multiclass: text, one of `classes`. */
  readonly label: string;
  /** Multiclass: the classes in bytewise order, as the training rows have them. Otherwise empty. */
  readonly classes: readonly string[];
}
