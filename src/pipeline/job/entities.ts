import type { ColumnBatch, Storage } from '../../dataset/batch.ts';
import type { Grouping } from '../../model/family.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { keyColumns } from '../columns.ts';
import type { StepContext } from '../context.ts';
import { columnOf, storageOf } from './streams.ts';

/** What training rows tell of each other. */
export interface Entities {
  /** Whether rows are dealt by entity. Rows in the order of time are not. */
  readonly independent: boolean;
  /** Which entity a row is about; undefined where each row has one of its own. */
  readonly groups: Grouping | undefined;
  /** How the columns that `groups` reads are held. */
  readonly storage: Readonly<Record<string, Storage>>;
}

export async function entitiesOf(step: StepContext, warehouse: Warehouse): Promise<Entities> {
  const independent = step.config.split.by === 'hash';
  const recurring = independent ? await recurringEntities(step, warehouse, 'train') : undefined;
  return { independent, groups: recurring?.groups, storage: recurring?.storage ?? {} };
}

/** Which entity each row of a relation is about; undefined where no two rows are about one. */
export async function recurringEntities({ config }: StepContext, warehouse: Warehouse, relation: string): Promise<{ readonly groups: Grouping; readonly storage: Entities['storage'] } | undefined> {
  const entity = config.entity ?? [];
  if (entity.length === 0 || keyColumns(config).every((column) => entity.includes(column))) return undefined;
  return { groups: entityNumbers(entity), storage: await storageOf(warehouse, relation, entity) };
}

/** Entities are numbered as they come. */
function entityNumbers(columns: readonly string[]): Grouping {
  const known = new Map<string, number>();
  return (batch) =>
    Float64Array.from({ length: batch.rows }, (_, row) => {
      const entity = JSON.stringify(columns.map((name) => valueAt(batch, name, row)));
      const number = known.get(entity) ?? known.size;
      known.set(entity, number);
      return number;
    });
}

function valueAt(batch: ColumnBatch, name: string, row: number): string | number | null {
  const column = columnOf(batch, name);
  if (column.storage === 'text') return column.dictionary[column.codes[row]!] ?? null;
  return column.nulls?.[row] === 1 ? null : column.values[row]!;
}
