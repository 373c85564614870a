import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ColumnBatch } from '../../dataset/batch.ts';
import { readerOf } from '../../evaluation/drift-profile.ts';
import type { Contributions } from '../../model/contributions.ts';
import type { FittedModel } from '../../model/family.ts';
import type { ExplainedFeature, ShownValue } from '../../report/explanation.ts';
import type { Mask } from '../../shared/sensitive.ts';
import { findScripts } from '../find.ts';
import { columnOf } from '../job/streams.ts';
import { scriptsThatMake } from './made-by.ts';

/** The folder of the scripts that a model keeps: there is one, named after the step that extracted its rows. */
export function sqlFolder(modelFolder: string): string {
  const sql = join(modelFolder, 'sql');
  return join(sql, existsSync(sql) ? (readdirSync(sql)[0] ?? '') : '');
}

export interface FeatureParts {
  readonly found: Contributions;
  /** Batches of one row. */
  readonly row: ColumnBatch;
  readonly against: ColumnBatch;
  readonly mask: Mask;
  /** The model's. */
  readonly folder: string;
  readonly dialect: string;
}

/** Every feature of a model, the largest contribution first. */
export function explainedFeatures(model: FittedModel, { found, row, against, mask, folder, dialect }: FeatureParts): readonly ExplainedFeature[] {
  const names = model.contract.features.map(({ name }) => name);
  const sql = sqlFolder(folder);
  const makers = scriptsThatMake(findScripts(sql, sql, dialect), names);
  const encoded = model.encoded?.(row) ?? [];
  const shownIn = (batch: ColumnBatch, feature: string): ShownValue => mask.shown(feature, readerOf(columnOf(batch, feature))(0));
  return names
    .map((feature, i): ExplainedFeature => ({
      feature,
      value: shownIn(row, feature),
      median: shownIn(against, feature),
      contribution: found.contributions[i]!,
      error: found.errors[i]!,
      sql: makers.get(feature) ?? [],
      // From a scaled value its own could be told.
      encoded: mask.hides(feature) ? null : encoded.filter((input) => input.feature === feature).map(({ as, value }) => ({ as, value })),
    }))
    .toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution));
}
