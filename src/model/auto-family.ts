import type { ModelFamily } from './family.ts';
import { namesOrAuto, readOptions, type OptionRules } from './options.ts';

export interface AutoOptions {
  /** Families to choose from. */
  readonly families: readonly string[] | 'auto';
}

const rules: OptionRules<AutoOptions> = {
  families: namesOrAuto('auto'),
};

/** A blend of what fits into a budget of seconds, chosen by held-out rows. */
export const autoFamily: ModelFamily = {
  name: 'auto',
  parseOptions: (options) => ({ ...readOptions('auto', rules, options) }),
  fit: async (input) => {
    const [{ fitAuto }, { familyOf }] = await Promise.all([import('./auto/fit-auto.ts'), import('./families.ts')]);
    const options = readOptions('auto', rules, input.options);
    if (options.families !== 'auto') for (const name of options.families) await familyOf(name);
    return fitAuto(input, options);
  },
  load: async (folder) => (await import('./auto/auto-model.ts')).loadAuto(folder),
};
