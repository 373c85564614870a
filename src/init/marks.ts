import type { Feature } from './candidates.ts';
import type { Choices, RowKey } from './choices.ts';
import type { Found } from './keys.ts';
import { isDeclarable } from './output-names.ts';
import { personalOf } from './personal.ts';

/** Sensitive columns under the name that a source or a script gives them. */
export function sensitiveOf(columns: readonly Found[], { features, key }: { readonly features: readonly Feature[]; readonly key: RowKey }): Choices['sensitive'] {
  return columns.flatMap(({ profile }) => {
    const why = personalOf(profile);
    if (why === undefined) return [];
    const made = [...features.filter(({ column, name }) => column === profile.name && name !== column).map(({ name }) => name), ...(key.kind === 'column' && key.key.column === profile.name && key.key.name !== profile.name ? [key.key.name] : [])];
    return [...(isDeclarable(profile.name) ? [profile.name] : []), ...made].map((name) => ({ name, why }));
  });
}

/** Up to two categories of two to six values in every row. */
export function slicesOf(columns: readonly Found[], features: readonly Feature[]): readonly string[] {
  return features.filter(({ kind, column }) => {
    const profile = columns.find((one) => one.profile.name === column)?.profile;
    return kind === 'category' && profile !== undefined && profile.distinct >= 2 && profile.distinct <= 6 && profile.filled === profile.rows && personalOf(profile) === undefined && profile.longest <= 60;
  }).slice(0, 2).map(({ name }) => name);
}
