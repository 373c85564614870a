import type { ModelFamily } from './family.ts';
import { number, numberOrAuto, readOptions, whole, wholeOrAuto, wholes, type OptionRules } from './options.ts';
import type { TrainingOptions } from './tensor/training-options.ts';

export interface MlpOptions extends TrainingOptions {
  /** Width of each hidden layer. */
  readonly hidden: readonly number[];
  /** Longest embedding of a category. */
  readonly embedding: number;
  /** Share of hidden outputs that a training step leaves out. */
  readonly dropout: number;
  /** Decoupled weight decay of the layers' weights. */
  readonly weight_decay: number;
}

const rules: OptionRules<MlpOptions> = {
  hidden: wholes([64, 32], { from: 1, to: 4096 }),
  embedding: whole(12, { from: 1, to: 256 }),
  dropout: number(0.2, { from: 0, to: 0.9 }),
  weight_decay: number(0.01, { from: 0, to: 10 }),
  learning_rate: numberOrAuto({ from: 1e-6, to: 10 }),
  epochs: wholeOrAuto({ from: 1, to: 10_000 }),
  batch_rows: wholeOrAuto({ from: 1, to: 1_000_000 }),
  patience: wholeOrAuto({ from: 1, to: 10_000 }),
  min_count: whole(10, { from: 1, to: 1_000_000_000 }),
};

/** A multilayer perceptron with embeddings for categories. TensorFlow is loaded when it trains or predicts. */
export const mlpFamily: ModelFamily = {
  name: 'mlp',
  parseOptions: (options) => ({ ...readOptions('mlp', rules, options) }),
  fit: async (input) => {
    const { fitMlp } = await import('./tensor/fit-mlp.ts');
    return fitMlp(input, readOptions('mlp', rules, input.options));
  },
  load: async (folder) => (await import('./tensor/fit-mlp.ts')).loadMlp(folder),
};
