import type { ModelFamily } from './family.ts';
import { numberOrAuto, readOptions, whole, wholeOrAuto, type OptionRules } from './options.ts';
import type { TrainingOptions } from './tensor/training-options.ts';

export interface LinearOptions extends TrainingOptions {
  /**
   * Strength of the pull of all weights to zero, as that many rows' worth: the prior of a normal of variance 1 / l2.
   * `auto` trains with several and keeps the one of least validation loss.
   */
  readonly l2: number | 'auto';
}

const rules: OptionRules<LinearOptions> = {
  l2: numberOrAuto({ from: 0, to: 1e9 }),
  learning_rate: numberOrAuto({ from: 1e-6, to: 10 }),
  epochs: wholeOrAuto({ from: 1, to: 10_000 }),
  batch_rows: wholeOrAuto({ from: 1, to: 1_000_000 }),
  patience: wholeOrAuto({ from: 1, to: 10_000 }),
  min_count: whole(10, { from: 1, to: 1_000_000_000 }),
};

/** Logistic regression, softmax regression or linear regression, by task. TensorFlow is loaded when it trains. */
export const linearFamily: ModelFamily = {
  name: 'linear',
  parseOptions: (options) => ({ ...readOptions('linear', rules, options) }),
  fit: async (input) => {
    const { fitLinear } = await import('./tensor/fit-linear.ts');
    return fitLinear(input, readOptions('linear', rules, input.options));
  },
  load: async (folder) => (await import('./tensor/fit-linear.ts')).loadLinear(folder),
};
