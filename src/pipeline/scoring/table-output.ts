import type { BatchWriter } from '../../batchfile/write.ts';
import { ExitCode, NightshiftError } from '../../shared/errors.ts';
import { openWarehouse } from '../../warehouse/open.ts';
import type { SqlType, Warehouse } from '../../warehouse/warehouse.ts';
import { warehouseFile } from '../places.ts';
import type { Project } from '../prepare.ts';
import { PUBLISHED, SCORES, SCORES_CURRENT } from '../published.ts';
import { loadingWriter } from './loading-writer.ts';

/** Refuses a table that a night makes or reads, or that is there already: `table-taken`. Nothing of the warehouse is replaced. */
export async function requireNewTable(project: Project, table: string): Promise<void> {
  await withWarehouse(project, async (warehouse) => assertNew(project, table, await warehouse.tables()));
}

/** A new table of the project's warehouse, there whole or not at all. */
export async function openTableWriter(project: Project, table: string, types: Readonly<Record<string, SqlType>>): Promise<BatchWriter> {
  const warehouse = await opened(project);
  try {
    // It may have come to be since scoring began.
    assertNew(project, table, await warehouse.tables());
    return loadingWriter((batches) => warehouse.load(table, types, batches), () => warehouse.close());
  } catch (thrown) {
    await warehouse.close();
    throw thrown;
  }
}

async function withWarehouse(project: Project, use: (warehouse: Warehouse) => Promise<void>): Promise<void> {
  const warehouse = await opened(project);
  try {
    await use(warehouse);
  } finally {
    await warehouse.close();
  }
}

function opened({ config, places }: Project): Promise<Warehouse> {
  return openWarehouse({ kind: config.warehouse, file: warehouseFile(places, config.warehouse) });
}

function assertNew({ config, plan }: Project, table: string, tables: readonly string[]): void {
  const isSame = (name: string): boolean => name.toLowerCase() === table.toLowerCase();
  if (table.trim() === '') throw taken(table, 'a name that is empty');
  if (Object.keys(config.sources).some(isSame)) throw taken(table, 'a source of pipeline.yaml');
  if ([SCORES, PUBLISHED, SCORES_CURRENT, ...plan.steps.flatMap(({ writes }) => writes)].some(isSame)) throw taken(table, 'what a night makes');
  if (tables.some(isSame)) throw taken(table, 'a table that is there already');
}

function taken(table: string, found: string): NightshiftError {
  return new NightshiftError({ code: 'table-taken', what: `Scores cannot go to the table "${table}"`, where: '--to-table', found, expected: 'a table that is not there yet; none is replaced', fix: 'name another one, or drop it first', exitCode: ExitCode.usage });
}
