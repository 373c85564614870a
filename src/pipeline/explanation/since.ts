import { join, relative } from 'node:path';
import type { ColumnBatch } from '../../dataset/batch.ts';
import { readerOf } from '../../evaluation/drift-profile.ts';
import type { FittedModel } from '../../model/family.ts';
import type { ChangedFeature, ShownValue, Since } from '../../report/explanation.ts';
import { NightshiftError } from '../../shared/errors.ts';
import type { Mask } from '../../shared/sensitive.ts';
import type { StepContext } from '../context.ts';
import { findScripts } from '../find.ts';
import { extractAside } from '../job/extract-aside.ts';
import { columnOf, featureStorage } from '../job/streams.ts';
import { makersOf } from '../plan.ts';
import type { Project } from '../prepare.ts';
import { modelConfig } from '../scoring/model-config.ts';
import { withScratch } from '../scratch.ts';
import { nightRows } from '../vocabulary.ts';
import { givenCondition } from './given-key.ts';
import type { KeptRow } from './kept-row.ts';
import { type Night, kindOf } from './night.ts';

export interface SinceRequest {
  /** Loads the project as it is today. */
  readonly project: () => Promise<Project>;
  readonly night: Night;
  readonly folder: string;
  readonly model: FittedModel;
  readonly row: KeptRow;
  readonly mask: Mask;
  readonly progress: (text: string) => void;
}

const ASIDE = 'today_';

/** What the sources say of a row today, as of the same date and through the model's own SQL. What hinders that is said, and no error. */
export async function changesSince(request: SinceRequest): Promise<Since> {
  const { night, folder, model, row, progress } = request;
  try {
    const project = await request.project();
    const config = { ...modelConfig(folder, project), warehouse: kindOf(night.run) };
    const talk = { log: () => undefined, progress };
    return await withScratch({ places: project.places, makers: makersOf(project.plan), config, asOf: night.run.asOf, modelRun: night.modelRun, talk }, async (step) => {
      const now = await featuresToday(step, { folder, model, row });
      return now === undefined ? { state: 'gone' } : compared(request, now);
    });
  } catch (thrown) {
    if (!(thrown instanceof NightshiftError)) throw thrown;
    // What was found may quote a value.
    return { state: 'unknown', why: [thrown.details.what, ...(thrown.details.where === undefined ? [] : [thrown.details.where])].join(': ') };
  }
}

/** The row's features as they come out now; undefined where there is no such row. */
async function featuresToday(step: StepContext, { folder, model, row }: Pick<SinceRequest, 'folder' | 'model' | 'row'>): Promise<ColumnBatch | undefined> {
  const own = join(folder, 'sql', step.run.step);
  const warehouse = await step.warehouse();
  await step.attach();
  const scripts = findScripts(own, relative(step.run.places.state, own), warehouse.dialect.name);
  const isByDay = row.day !== undefined && step.config.split.by !== 'hash';
  const window = isByDay ? { rowsFromDay: row.day, rowsUntilDay: row.day + 1 } : nightRows(step.run.windows);
  return extractAside(step, { scripts, prefix: ASIDE, window, config: step.config }, async () => {
    const { identifier } = warehouse.dialect;
    const columns = featureStorage(model.contract);
    const where = await givenCondition(warehouse, `${ASIDE}features`, row.key);
    for await (const batch of warehouse.stream(`SELECT ${Object.keys(columns).map(identifier).join(', ')} FROM ${identifier(`${ASIDE}features`)} WHERE ${where}`, { columns })) if (batch.rows > 0) return batch;
    return undefined;
  });
}

function compared({ row, mask }: SinceRequest, now: ColumnBatch): Since {
  const changes = [...row.features.columns].flatMap(([feature, column]): readonly ChangedFeature[] => {
    const [before, after] = [readerOf(column)(0), readerOf(columnOf(now, feature))(0)];
    if (Object.is(before, after)) return [];
    const shown = (value: ShownValue): ShownValue => mask.shown(feature, value);
    return [{ feature, before: shown(before), now: shown(after) }];
  });
  return changes.length === 0 ? { state: 'equal' } : { state: 'changed', changes };
}
