import { join, relative } from 'node:path';
import type { Config } from '../../shared/config/schema.ts';
import { readJsonFile } from '../../shared/files.ts';
import { canonicalJson } from '../../shared/hash.ts';
import { keyColumns } from '../columns.ts';
import type { StepContext } from '../context.ts';
import { type Script, findScripts } from '../find.ts';
import { type RowsWindow, nightRows } from '../vocabulary.ts';
import { extractAside } from './extract-aside.ts';
import { CONFIG_FILE } from './model-files.ts';

/** A batch's rows as an earlier model's own SQL gives them. */
const OWN = 'champion_';

export type Batch = 'test' | 'fresh';

/**
 * Lets `use` read the rows of a batch as a model's own SQL and configuration give them: tonight's relation where those are the
 * same, else one that is extracted anew, and gone afterwards.
 */
export async function withOwnRows<T>(step: StepContext, { folder, batch }: { folder: string; batch: Batch }, use: (relation: string) => Promise<T>): Promise<T> {
  const extract = step.run.makers['features'] ?? '';
  const own = join(folder, 'sql', extract);
  const { dialect } = await step.warehouse();
  const scripts = findScripts(own, relative(step.run.places.state, own), dialect.name);
  const config = readJsonFile(join(folder, CONFIG_FILE)) as Config;
  const isTonights = folder === step.modelFolder || (texts(scripts) === texts(await step.scriptsOf(extract)) && canonicalJson([config.features, config.params]) === canonicalJson([step.config.features, step.config.params]));
  if (isTonights) return use(batch);
  step.log({ event: `the model’s own SQL for ${batch}`, message: own });
  await step.attach();
  return extractAside(step, { scripts, prefix: OWN, window: windowOf(step, batch), config }, async () => {
    const warehouse = await step.warehouse();
    const on = keyColumns(step.config).map((name) => `own.${dialect.identifier(name)} = batch.${dialect.identifier(name)}`).join(' AND ');
    await step.make(OWN + batch, `SELECT own.* FROM ${dialect.identifier(`${OWN}features`)} AS own JOIN ${dialect.identifier(batch)} AS batch ON ${on}`, own);
    try {
      return await use(OWN + batch);
    } finally {
      // 06-test still reads what was scored.
      if (batch === 'test') await warehouse.drop(OWN + batch);
    }
  });
}

function windowOf({ config, run: { windows } }: StepContext, batch: Batch): RowsWindow {
  if (config.split.by === 'hash') return nightRows(windows);
  return batch === 'test' ? { rowsFromDay: windows.testFromDay, rowsUntilDay: windows.asOfDay } : { rowsFromDay: windows.asOfDay, rowsUntilDay: windows.freshUntilDay };
}

function texts(scripts: readonly Script[]): string {
  return canonicalJson(scripts.map(({ name, text }) => [name, text]));
}
