import type { Task } from '../dataset/contract.ts';
import { meansOf } from './means.ts';
import type { FamilyQuality } from './quality.ts';
import { type Ratios, ratiosOf } from './ratios.ts';

/** A family's means over the peer's; undefined where one of them failed. */
export function ratiosOfFamilies(family: FamilyQuality, peer: FamilyQuality, task: Task): Ratios | undefined {
  const [ours, others] = [family, peer].map(({ fits, error }) => (error === undefined ? meansOf(fits.map(({ figures }) => figures)) : undefined));
  return ours === undefined || others === undefined ? undefined : ratiosOf(ours, others, task);
}
