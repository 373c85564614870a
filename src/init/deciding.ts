import type { Warehouse } from '../warehouse/warehouse.ts';
import type { Ask } from './asking.ts';
import type { Decided } from './choices.ts';
import type { Table } from './table.ts';

/** What somebody said on the command line; the rest is asked or decided. */
export interface Wishes {
  readonly name: string;
  readonly target: string | undefined;
  readonly task: string | undefined;
  readonly key: string | undefined;
  /** `none` for none. */
  readonly time: string | undefined;
  readonly warehouse: 'sqlite' | 'duckdb' | undefined;
}

/** What every decision works with, and where it tells what was chosen and what is odd. */
export interface Deciding {
  readonly warehouse: Warehouse;
  readonly table: Table;
  readonly wishes: Wishes;
  readonly ask: Ask;
  readonly decided: Decided[];
  readonly warnings: string[];
}

/** The answer that chooses no column. */
export const NONE = 'none';
