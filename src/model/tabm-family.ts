import type { ModelFamily } from './family.ts';
import { number, numberOrAuto, readOptions, whole, wholeOrAuto, type OptionRules } from './options.ts';
import type { TrainingOptions } from './tensor/training-options.ts';

export interface TabmOptions extends TrainingOptions {
  /** Networks trained side by side, whose predictions are averaged. */
  readonly members: number | 'auto';
  /** Width of each hidden layer, and their number. */
  readonly width: number | 'auto';
  readonly blocks: number;
  /** Bins of a number's piecewise-linear embedding at most. */
  readonly bins: number;
  /** Length of a number's embedding, and at most of a category's; `auto`: shorter where there are many columns. */
  readonly embedding: number | 'auto';
  /** Share of hidden outputs that a training step leaves out. */
  readonly dropout: number;
  /** Decoupled weight decay of the layers' weights. */
  readonly weight_decay: number;
}

const rules: OptionRules<TabmOptions> = {
  members: wholeOrAuto({ from: 1, to: 256 }),
  width: wholeOrAuto({ from: 1, to: 4096 }),
  blocks: whole(2, { from: 1, to: 8 }),
  bins: whole(64, { from: 2, to: 256 }),
  embedding: wholeOrAuto({ from: 1, to: 256 }),
  dropout: number(0.1, { from: 0, to: 0.9 }),
  weight_decay: number(3e-4, { from: 0, to: 10 }),
  learning_rate: numberOrAuto({ from: 1e-6, to: 10 }),
  epochs: wholeOrAuto({ from: 1, to: 10_000 }),
  batch_rows: wholeOrAuto({ from: 1, to: 1_000_000 }),
  patience: wholeOrAuto({ from: 1, to: 10_000 }),
  min_count: whole(10, { from: 1, to: 1_000_000_000 }),
};

/** TabM: members that share one network, with piecewise-linear embeddings of numbers. TensorFlow is loaded when it trains or predicts. */
export const tabmFamily: ModelFamily = {
  name: 'tabm',
  parseOptions: (options) => ({ ...readOptions('tabm', rules, options) }),
  fit: async (input) => {
    const { fitTabm } = await import('./tensor/fit-tabm.ts');
    return fitTabm(input, readOptions('tabm', rules, input.options));
  },
  load: async (folder) => (await import('./tensor/fit-tabm.ts')).loadTabm(folder),
};
