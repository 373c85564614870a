import { z } from 'zod';

/** A name that may stand in SQL, file names and logs alike. */
const name = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,62}$/, 'a name of letters, digits and _, beginning with a letter');
/** A column may be called anything that fits on a line: it is always quoted. */
const column = z.string().min(1).max(200).regex(/^[^\p{Cc}]+$/u, 'a column name without control characters');
const columns = z.union([column.transform((one) => [one]), z.array(column).min(1)]);
const days = z.int().min(1).max(36_500);
const share = z.number().gt(0).lt(1);
const date = z.iso.date();
/** A whole number of days, written `30d`. */
const duration = z.string().regex(/^\d{1,5}d$/, 'a whole number of days such as 30d').transform((text) => Number(text.slice(0, -1)));
/** A text, or the name of the environment variable that holds it; only the name is ever recorded. */
const textOrEnv = z.union([z.string().min(1), z.strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/) })]);

const DATED = 'a column that types: declares as date or timestamp';
const sqlType = z.enum(['integer', 'number', 'text', 'boolean', 'date', 'timestamp']);

const source = z
  .strictObject({
    database: textOrEnv.optional().describe('A database file. Without an extension: .db under SQLite, .duckdb under DuckDB.'),
    csv: textOrEnv.optional().describe('CSV files by pattern, such as data/snapshots-*.csv.'),
    parquet: textOrEnv.optional().describe('Parquet files by pattern.'),
    table: z.string().min(1).optional().describe('The table in the database; the name of the source unless said.'),
    delimiter: z.string().length(1).default(','),
    types: z.record(column, sqlType).default({}).describe('Types by column; each date and timestamp also gives <column>_day.'),
    time: column.optional().describe('The column that says which day a row belongs to: for as_of: latest and max_age.'),
    known_from: column.optional().describe('The column with the day from which a row is known at all; unless said, rows are known beforehand.'),
    known_later: z
      .array(z.strictObject({ at: column, columns }))
      .default([])
      .describe('Columns that are outcomes, and the column that says when they become known.'),
    max_age: duration.optional().describe('How old the newest row before the as-of date may be.'),
    min_rows: z.int().min(0).default(1),
  })
  .refine((it) => [it.database, it.csv, it.parquet].filter((place) => place !== undefined).length === 1, 'exactly one of database, csv, parquet')
  .refine((it) => it.time === undefined || isDated(it.types[it.time]), { path: ['time'], error: DATED })
  .refine((it) => it.max_age === undefined || it.time !== undefined, { path: ['max_age'], error: 'a source with a time, whose newest row has an age' })
  .refine((it) => it.known_from === undefined || isDated(it.types[it.known_from]), { path: ['known_from'], error: DATED })
  .refine((it) => it.known_later.every(({ at }) => isDated(it.types[at])), { path: ['known_later'], error: `at: ${DATED}` });

const label = z
  .strictObject({
    column,
    known_at: column.optional().describe('The column with the day from which the label is known.'),
    matures_after: duration.optional().describe('The label is known this long after the row.'),
  })
  .refine((it) => (it.known_at === undefined) !== (it.matures_after === undefined), 'exactly one of known_at, matures_after');

const split = z.strictObject({
  by: z.enum(['time', 'hash']).default('time'),
  train_days: days.default(60),
  test_days: days.default(7),
  fresh_days: days.default(1),
  test_share: share.default(0.2).describe('by: hash: the share of entities that test.'),
  validation_share: share.default(0.15).describe('The share of the training window (its last days; by hash: of its entities) that is held out.'),
  exclude: z.array(z.strictObject({ from: date, to: date })).default([]).describe('Days, both ends included, that neither train nor test.'),
});

const decision = z.union(
  [
    z.strictObject({ top_share: share }),
    z.strictObject({ top_n: z.int().min(1) }),
    z.strictObject({ cost: z.strictObject({ fp: z.number().gt(0), fn: z.number().gt(0) }) }),
    z.strictObject({ threshold: z.number() }),
  ],
  'one of {top_share: 0.1}, {top_n: 100}, {cost: {fp: 1, fn: 5}}, {threshold: 0.5}',
);

const gate = z.union(
  [
    z.strictObject({ metric: z.string(), min: z.number().optional(), max: z.number().optional() }),
    z.strictObject({ metric: z.string(), better_than: z.enum(['baseline', 'linear']), margin: z.number().min(0).default(0) }),
  ],
  'a metric with min or max, such as {metric: auc, min: 0.6}, or with better_than: baseline or linear',
);

const fields = {
  name: name.describe('The project, as logs and reports call it.'),
  about: z.string().optional(),
  task: z.enum(['binary', 'multiclass', 'regression']).default('binary'),
  as_of: z.union([z.enum(['today', 'latest']), date]).default('today').describe('latest: the last day of the first source with a time.'),
  timezone: z.string().default('UTC').refine(isTimezone, 'an IANA time zone such as Europe/Zurich'),
  seed: z.int().min(0).max(4_294_967_295).default(1),
  warehouse: z.enum(['sqlite', 'duckdb']).default('sqlite'),
  state: textOrEnv.default('.').describe('Where models/, data/ and logs/ live; relative to the project.'),
  sources: z.record(name, source).refine((it) => Object.keys(it).length > 0, 'at least one source'),
  params: z.record(name, z.union([z.number(), z.string(), z.boolean()])).default({}).describe('Values that SQL may use by name.'),
  entity: columns.optional().describe('What a row is about; unless said, the key.'),
  time: column.optional().describe('The date column of a row.'),
  key: columns.optional().describe('What names a row; unless said, entity and time.'),
  lead: duration.default(0).describe('How long before its time a row is predicted.'),
  label,
  features: z
    .strictObject({ number: z.array(column).default([]), category: z.array(column).default([]) })
    .refine((it) => it.number.length + it.category.length > 0, 'at least one feature')
    .refine(({ number, category }) => new Set([...number, ...category]).size === number.length + category.length, 'each feature once, as a number or as a category'),
  sensitive: z.array(column).default([]),
  split: split.prefault({}),
  model: z
    .strictObject({
      family: z.string().default('mlp'),
      backend: z.enum(['auto', 'wasm', 'native']).default('auto'),
      options: z.record(z.string(), z.unknown()).default({}),
    })
    .prefault({}),
  decision: decision.optional().describe('How a score becomes a class; unless said, as many positives as usual.'),
  metrics: z
    .strictObject({ primary: z.string().optional(), resamples: z.int().min(50).max(10_000).default(300), level: share.default(0.95) })
    .prefault({}),
  slices: z.array(column).default([]),
  gates: z.array(gate).default([]),
};

/** The profile overlays are checked after they are laid over the file, so here anything goes. */
const profiles = z.record(name, z.record(z.string(), z.unknown())).default({});

/** The one schema of `pipeline.yaml`: types, checks and editor completion come from it. */
export const configSchema = z
  .strictObject({ ...fields, profiles })
  .refine((it) => it.key !== undefined || it.entity !== undefined, { path: ['key'], error: 'a key, or an entity (with a time)' })
  .refine((it) => it.time !== undefined || it.split.by === 'hash', { path: ['time'], error: 'a time, unless split.by is hash' })
  .refine((it) => ![...it.features.number, ...it.features.category].includes(it.label.column), { path: ['features'], error: 'columns other than the label' })
  .refine((it) => it.time !== undefined || it.label.matures_after === undefined, { path: ['label'], error: 'known_at: COLUMN, since rows without a time have nothing to mature after' })
  .refine((it) => it.lead >= it.split.fresh_days - 1, { path: ['lead'], error: leadNeeded });

export type Config = z.output<typeof configSchema>;
export type SourceConfig = Config['sources'][string];
export type TextOrEnv = z.output<typeof textOrEnv>;

function leadNeeded({ input }: { readonly input?: unknown }): string {
  const days = (input as { split: { fresh_days: number } }).split.fresh_days - 1;
  return `at least ${days}d, which is split.fresh_days − 1, so that training rows are as stale as the last fresh one`;
}

/** What of a configuration decides a run's outcome: not where its state lies, nor overlays that were not chosen. */
export function decidingConfig({ profiles: _profiles, state: _state, ...deciding }: Config): Omit<Config, 'profiles' | 'state'> {
  return deciding;
}

/** The JSON Schema that editors complete and check `pipeline.yaml` with. */
export function configJsonSchema(): object {
  return z.toJSONSchema(configSchema, { io: 'input' });
}

function isDated(type: z.output<typeof sqlType> | undefined): boolean {
  return type === 'date' || type === 'timestamp';
}

function isTimezone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone }).format(0);
    return true;
  } catch {
    return false;
  }
}
