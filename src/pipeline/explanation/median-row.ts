import type { Column, ColumnBatch } from '../../dataset/batch.ts';
import type { Contract, Feature } from '../../dataset/contract.ts';
import { type FeatureProfile, QUANTILES } from '../../evaluation/drift-profile.ts';
import { NightshiftError } from '../../shared/errors.ts';
import { readProfile } from '../job/drift.ts';

/**
 * The usual row of a model's training: of each number the median, of each category the most frequent value, as its folder keeps them;
 * missing where no training row has one. A batch of one row. Throws `profile-missing`.
 */
export function medianRow(folder: string, contract: Contract): ColumnBatch {
  const profile = readProfile(folder);
  if (profile === undefined) throw new NightshiftError({ code: 'profile-missing', what: 'The model does not say what was usual where it was trained', where: folder, found: 'no profile.json', expected: 'a model that a night has trained' });
  return { rows: 1, columns: new Map(contract.features.map((feature) => [feature.name, usualValue(feature, profile.features.features[feature.name])])) };
}

function usualValue({ kind }: Feature, profile: FeatureProfile | undefined): Column {
  if (kind === 'number') {
    const median = profile?.kind === 'number' ? profile.quantiles[QUANTILES.indexOf(0.5)] : undefined;
    return { storage: 'number', values: Float64Array.of(median ?? Number.NaN), nulls: median === undefined ? Uint8Array.of(1) : undefined };
  }
  const usual = profile?.kind === 'category' ? (profile.usual ?? profile.values[0] ?? null) : null;
  return { storage: 'text', codes: Int32Array.of(usual === null ? -1 : 0), dictionary: usual === null ? [] : [usual] };
}
