import type { FitInput, FittedModel, ModelFamily } from './family.ts';
import { flag, number, numberOrAuto, readOptions, whole, type OptionRule, type OptionRules } from './options.ts';
import { fitOnAll } from './refit.ts';

export interface GbdtOptions {
  /** Rounds of boosting: a tree each, for classes a tree a class. */
  readonly trees: number;
  /** Leaves of a tree at most. */
  readonly leaves: number;
  /** What share of a tree's values is taken; `auto`: see `ratesFor`. */
  readonly learning_rate: number | 'auto';
  /** Rounds without a better held-out loss after which training stops. */
  readonly patience: number;
  /** Rows of a leaf at least. */
  readonly min_rows: number;
  /** Added to the hessian of a leaf: pulls its value to zero. */
  readonly l2: number;
  /** Shares of the columns and of the rows that a tree is made of, drawn for each tree; `auto`: see `drawnShares`. */
  readonly columns: number | 'auto';
  readonly rows: number | 'auto';
  /** Bins of a column at most. */
  readonly bins: number;
  /** Categories that occur less often in training share one bucket with those never seen. */
  readonly min_count: number;
  /** Hessian of value zero that a category is averaged with before categories are put in order. */
  readonly smoothing: number;
  /** Whether, once held-out rows have said when to stop, all rows are trained on: see `rounds-on-all.ts`. */
  readonly refit: boolean;
  /** By column: 1 where predictions must not fall as it rises, −1 where they must not rise. */
  readonly monotone: Readonly<Record<string, 1 | -1>>;
}

const monotone: OptionRule<Readonly<Record<string, 1 | -1>>> = {
  fallback: {},
  expected: 'a mapping of numeric features to 1 (rises) or -1 (falls)',
  read: (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return Object.values(value).every((direction) => direction === 1 || direction === -1) ? (value as Record<string, 1 | -1>) : undefined;
  },
};

const rules: OptionRules<GbdtOptions> = {
  trees: whole(100, { from: 1, to: 100_000 }),
  leaves: whole(31, { from: 2, to: 4096 }),
  learning_rate: numberOrAuto({ from: 1e-6, to: 1 }),
  patience: whole(20, { from: 1, to: 100_000 }),
  min_rows: whole(20, { from: 1, to: 1_000_000_000 }),
  l2: number(1, { from: 0, to: 1e9 }),
  columns: numberOrAuto({ from: 0.001, to: 1 }),
  rows: numberOrAuto({ from: 0.001, to: 1 }),
  bins: whole(255, { from: 2, to: 255 }),
  min_count: whole(5, { from: 1, to: 1_000_000_000 }),
  smoothing: number(10, { from: 0, to: 1e9 }),
  refit: flag(true),
  monotone,
};

/** Gradient-boosted trees on binned features, in plain code on worker threads. */
export const gbdtFamily: ModelFamily = {
  name: 'gbdt',
  parseOptions: (options) => ({ ...readOptions('gbdt', rules, options) }),
  fit: async (input) => {
    const [{ fitGbdt }, { roundsOnAll }] = await Promise.all([import('./gbdt/fit-gbdt.ts'), import('./gbdt/rounds-on-all.ts')]);
    const fit = (one: FitInput): Promise<FittedModel> => fitGbdt(one, readOptions('gbdt', rules, one.options));
    return input.options['refit'] === false ? fit(input) : fitOnAll(input, fit, roundsOnAll);
  },
  load: async (folder) => (await import('./gbdt/gbdt-model.ts')).loadGbdt(folder),
};
