import { distance } from 'fastest-levenshtein';
import { type ColumnBatch, type Storage, cellText } from '../../dataset/batch.ts';
import type { Contract } from '../../dataset/contract.ts';
import type { Config } from '../../shared/config/schema.ts';
import { ExitCode, NightshiftError } from '../../shared/errors.ts';
import type { Mask } from '../../shared/sensitive.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { dayColumn, keyColumns } from '../columns.ts';
import { columnOf, featureStorage, storageOf } from '../job/streams.ts';
import { givenCondition, givenKey } from './given-key.ts';

/** The relation that holds the kept rows. */
export const FRESH = 'fresh';

/** A row as it was scored. */
export interface KeptRow {
  /** The key's values by column, as text. */
  readonly key: ReadonlyMap<string, string>;
  /** Its features, a batch of one row. */
  readonly features: ColumnBatch;
  /** The day of its time; undefined where rows have none. */
  readonly day: number | undefined;
  /** Rows that were scored with it. */
  readonly rows: number;
}

export interface RowRequest {
  /** As a person writes it. */
  readonly text: string;
  readonly config: Config;
  readonly contract: Contract;
  readonly mask: Mask;
  /** The night, as errors call it. */
  readonly night: string;
}

/** Finds the row of a key among those that were scored. Throws `key-unknown` or `key-ambiguous` (exit code 2). */
export async function findRow(warehouse: Warehouse, request: RowRequest): Promise<KeptRow> {
  const { config, contract, text } = request;
  const where = await givenCondition(warehouse, FRESH, givenKey(config, text));
  const { identifier } = warehouse.dialect;
  const counted = await warehouse.rows(`SELECT (SELECT count(*) FROM ${identifier(FRESH)}) AS fresh_rows, (SELECT count(*) FROM ${identifier(FRESH)} WHERE ${where}) AS found`);
  const [rows, found] = [Number(counted[0]?.['fresh_rows']), Number(counted[0]?.['found'])];
  if (found === 0) throw await unknown(warehouse, request, rows);
  if (found > 1) throw await ambiguous(warehouse, request, { where, found });
  const keys = await storageOf(warehouse, FRESH, keyColumns(config));
  const time: Record<string, Storage> = config.time === undefined ? {} : { [dayColumn(config.time)]: 'number' };
  const features = featureStorage(contract);
  for await (const batch of selected(warehouse, { ...time, ...features }, `WHERE ${where}`)) {
    const key = await keysWhere(warehouse, { keys, where, limit: 1 });
    const day = config.time === undefined ? undefined : Number(cellText(columnOf(batch, dayColumn(config.time)), 0));
    return { key: key[0]!, features: { rows: 1, columns: new Map(Object.keys(features).map((name) => [name, columnOf(batch, name)])) }, day, rows };
  }
  throw new Error('the kept rows changed while they were read');
}

/** Some columns of the kept rows; `rest` is what follows FROM. */
function selected(warehouse: Warehouse, columns: Readonly<Record<string, Storage>>, rest: string): AsyncIterable<ColumnBatch> {
  const { identifier } = warehouse.dialect;
  return warehouse.stream(`SELECT ${Object.keys(columns).map(identifier).join(', ')} FROM ${identifier(FRESH)} ${rest}`, { columns });
}

/** The keys of some rows, bytewise; read apart from the features, since a feature may be part of the key and held otherwise. */
async function keysWhere(warehouse: Warehouse, { keys, where, limit }: { keys: Readonly<Record<string, Storage>>; where: string; limit: number }): Promise<readonly ReadonlyMap<string, string>[]> {
  const found: ReadonlyMap<string, string>[] = [];
  const names = Object.keys(keys);
  for await (const batch of selected(warehouse, keys, `WHERE ${where} ORDER BY ${names.map(warehouse.dialect.identifier).join(', ')} LIMIT ${limit}`)) {
    for (let row = 0; row < batch.rows; row++) found.push(new Map(names.map((name) => [name, cellText(columnOf(batch, name), row)])));
  }
  return found;
}

const SHOWN = 5;
/** Among so many rows the nearest keys are looked for. */
const SEARCHED = 100_000;

async function unknown(warehouse: Warehouse, { config, mask, night, text }: RowRequest, rows: number): Promise<NightshiftError> {
  const names = keyColumns(config);
  const isHidden = names.some((name) => mask.hides(name));
  const all = isHidden ? [] : await keysWhere(warehouse, { keys: await storageOf(warehouse, FRESH, names), where: '1 = 1', limit: SEARCHED });
  const texts = all.map((key) => [...key.values()].join(',')).map((one) => ({ one, far: distance(one, text) })).toSorted((a, b) => a.far - b.far);
  return new NightshiftError({
    code: 'key-unknown',
    what: `No row of ${night} has this key`,
    found: isHidden ? 'a key that none of them has' : JSON.stringify(text),
    expected: `${names.join(', ')} of one of its ${rows} rows${texts.length === 0 ? '' : `, such as ${texts.slice(0, 3).map(({ one }) => one).join(' or ')}`}`,
    fix: '--as-of or --run names another night',
    exitCode: ExitCode.usage,
  });
}

async function ambiguous(warehouse: Warehouse, { config, mask, night }: RowRequest, { where, found }: { where: string; found: number }): Promise<NightshiftError> {
  const keys = await keysWhere(warehouse, { keys: await storageOf(warehouse, FRESH, keyColumns(config)), where, limit: SHOWN });
  const shown = keys.map((key) => [...key].map(([name, value]) => mask.shown(name, value)).join(','));
  return new NightshiftError({ code: 'key-ambiguous', what: `${found} rows of ${night} are like that`, found: `${shown.join('; ')}${found > SHOWN ? '; …' : ''}`, expected: `${keyColumns(config).join(', ')} of one row`, exitCode: ExitCode.usage });
}
