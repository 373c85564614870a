import * as z from 'zod';
import { DATE_ORDERS } from '../date-order.ts';
import { rangeFaults } from './ranges.ts';

/** A name that may stand in SQL, file names and logs alike. */
const name = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,62}$/, 'a name of letters, digits and _, beginning with a letter');
/** A column may be called anything that fits on a line: it is always quoted. */
const column = z.string().min(1).max(200).regex(/^[ -~\u00a0-\uffff]+$/, 'a column name without control characters').meta({ title: 'column' });
const columns = z.union([column.transform((one) => [one]), z.array(column).min(1)]).meta({ title: 'column, or list of columns' });
const days = z.int().min(1).max(36_500);
const share = z.number().gt(0).lt(1);
const date = z.iso.date().meta({ title: 'date such as 2001-06-10' });
/** A whole number of days, written `30d`. */
const duration = z
  .string()
  .regex(/^\d{1,5}d$/, 'a whole number of days such as 30d')
  .meta({ title: 'days such as 30d' })
  .transform((text) => Number(text.slice(0, -1)));
/** Seconds or minutes, written `60s` or `5m`; seconds in the configuration. */
const seconds = z
  .string()
  .regex(/^\d{1,6}(\.\d{1,3})?[sm]$/, 'seconds or minutes such as 60s or 5m')
  .meta({ title: 'seconds or minutes such as 60s' })
  .transform((text) => Number(text.slice(0, -1)) * (text.endsWith('m') ? 60 : 1));
/** A text, or the name of the environment variable that holds it; only the name is ever recorded. */
const textOrEnv = z.union([z.string().min(1), z.strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/) })]).meta({ title: 'text, or {env: VARIABLE}' });

const DATED = 'a column that types: declares as date or timestamp';
const sqlType = z.enum(['integer', 'number', 'text', 'boolean', 'date', 'timestamp']);

const source = z
  .strictObject({
    database: textOrEnv.optional().describe('A database file. Without an extension: .db under SQLite, .duckdb under DuckDB.'),
    csv: textOrEnv.optional().describe('CSV files by pattern, such as data/snapshots-*.csv; gzipped or not.'),
    parquet: textOrEnv.optional().describe('Parquet files by pattern.'),
    table: z.string().min(1).optional().describe('The table in the database; the name of the source unless said.'),
    delimiter: z.string().length(1).default(',').describe('What separates the fields of its CSV files.'),
    encoding: z.enum(['utf-8', 'utf-16le', 'utf-16be', 'latin1']).optional().describe('How its CSV files are encoded: UTF-8 unless said, or UTF-16 where they show it. latin1 is what programs of Windows write, with what Windows adds to it.'),
    dates: z.enum(DATE_ORDERS).optional().describe('How its CSV files write dates other than 2001-06-10: year first (ymd, 2001/6/10), day first (dmy, 10.06.2001) or month first (mdy, 6/10/2001), also with a time (6/10/2001 1:45 PM).'),
    types: z.record(column, sqlType).default({}).describe('Types by column. Each date and timestamp also gives <column>_day: whole days since 1970-01-01.'),
    time: column.optional().describe('The column that says which day a row belongs to. Needed for as_of: latest and for max_age.'),
    known_from: column.optional().describe('The column with the day from which a row is known at all. Unless said, rows are known beforehand. The blind test leaves out rows that were not known yet.'),
    known_later: z
      .array(
        z.strictObject({
          at: column.describe('The column with the first as-of date that may use them.'),
          columns: columns.describe('The columns that are empty, or not to be believed, until then.'),
        }),
      )
      .default([])
      .describe('Outcomes: columns whose values become known only after the row. The blind test hides them.'),
    max_age: duration.optional().describe('How old the newest row before the as-of date may be. An older one stops the night (exit code 6).'),
    min_rows: z.int().min(0).default(1).describe('With fewer rows the night stops (exit code 6).'),
  })
  .refine((it) => [it.database, it.csv, it.parquet].filter((place) => place !== undefined).length === 1, 'exactly one of database, csv, parquet')
  .refine((it) => it.encoding === undefined || it.csv !== undefined, { path: ['encoding'], error: 'a source of CSV files' })
  .refine((it) => it.dates === undefined || it.csv !== undefined, { path: ['dates'], error: 'a source of CSV files: databases and Parquet have types for dates' })
  .refine((it) => it.time === undefined || isDated(it.types[it.time]), { path: ['time'], error: DATED })
  .refine((it) => it.max_age === undefined || it.time !== undefined, { path: ['max_age'], error: 'a source with a time, whose newest row has an age' })
  .refine((it) => it.known_from === undefined || isDated(it.types[it.known_from]), { path: ['known_from'], error: DATED })
  .refine((it) => it.known_later.every(({ at }) => isDated(it.types[at])), { path: ['known_later'], error: `at: ${DATED}` });

const label = z
  .strictObject({
    column: column.describe('The column of features that is to be predicted. Binary: 0 or 1.'),
    known_at: column.optional().describe('The column of features with the day from which the label is known. This or matures_after.'),
    matures_after: duration.optional().describe('The label is known this long after the row’s time. This or known_at.'),
  })
  .refine((it) => (it.known_at === undefined) !== (it.matures_after === undefined), 'exactly one of known_at, matures_after');

const split = z.strictObject({
  by: z.enum(['time', 'hash']).default('time').describe('time: train before test. hash: entities are dealt to train and test by a stable hash.'),
  train_days: days.default(60).describe('Days of the training window, which ends where the test window begins.'),
  test_days: days.default(7).describe('Days of the test window, which ends at the as-of date.'),
  fresh_days: days.default(1).describe('Days to score, from the as-of date on.'),
  test_share: share.default(0.2).describe('Only for by: hash. The share of entities that test.'),
  validation_share: share.default(0.15).describe('The share of the training window (its last days; by hash: of its entities) that is held out.'),
  exclude: z
    .array(z.strictObject({ from: date.describe('First day left out.'), to: date.describe('Last day left out.') }))
    .default([])
    .describe('Spans of days that neither train nor test.'),
});

const decision = z.union(
  [
    z.strictObject({ top_share: share.describe('The threshold that makes this share of the held-out rows positive.') }),
    z.strictObject({ top_n: z.int().min(1).describe('So many of each batch are positive, those with the highest scores.') }),
    z.strictObject({
      cost: z
        .strictObject({ fp: z.number().gt(0).describe('What a false alarm costs.'), fn: z.number().gt(0).describe('What a missed case costs.') })
        .describe('The threshold fp / (fp + fn), which is the cheapest for calibrated scores.'),
    }),
    z.strictObject({ threshold: z.number().describe('Positive is what scores this or more.') }),
  ],
  'one of {top_share: 0.1}, {top_n: 100}, {cost: {fp: 1, fn: 5}}, {threshold: 0.5}',
);

const classWeights = z.union([z.literal('balanced'), z.record(z.string(), z.number().gt(0).lt(1e6))], 'balanced, or a mapping of class to number');

const gated = z.string().describe('A metric of the test batch.');
const unclear = z.enum(['keep', 'pass']).optional().describe('What follows where there are too few rows or positives to tell. keep: the champion stays. pass: the candidate passes. Unless said keep, and pass for slices.');
const gate = z.union(
  [
    z.strictObject({ metric: gated, min: z.number().optional().describe('The least that passes.'), max: z.number().optional().describe('The most that passes. A gate with neither bound only informs.') }),
    z.strictObject({
      metric: gated,
      better_than: z.enum(['baseline', 'linear', 'rule']).describe('Passes when the whole interval of the difference lies on the better side.'),
      margin: z.number().min(0).default(0).describe('By how much better, in the metric’s unit; by how much worse is let pass. Required with no_worse_than.'),
      unclear,
    }),
    z.strictObject({
      metric: gated,
      no_worse_than: z.enum(['champion', 'reference']).describe('Passes when the whole interval of the difference lies above −margin. Against one that does not exist it only informs.'),
      margin: z.number().min(0).describe('By how much worse is let pass, in the metric’s unit.'),
      slices: z.union([z.boolean(), z.array(column).min(1)]).optional().meta({ title: 'true, or list of columns' }).describe('Holds each value of every slice column, or of these, in place of the whole batch.'),
      unclear,
    }),
  ],
  'a metric with min or max, such as {metric: auc, min: 0.6}, with better_than: baseline, linear or rule, or with no_worse_than: champion or reference and a margin',
);

const drift = z.strictObject({
  warn: z.number().gt(0).default(0.1).describe('From this drift on, a feature or the score is warned of: the population stability index without what chance gives it. 0.1 is noticeable, 0.25 large.'),
  block: z.union([z.literal('off'), z.number().gt(0)]).default('off').meta({ title: 'off, or a number' }).describe('From this drift on, the scores are not published (exit code 4). A candidate is never refused for it.'),
  ignore: z.array(column).default([]).describe('Features whose drift is not looked at, such as the weekday, which a batch of one day has only one of.'),
});

/** What a batch file may be, as src/batchfile/limits.ts has it; the defaults are the same. */
const scoreLimits = z.strictObject({
  row_bytes: z.int().min(1024).max(268_435_456).default(16_777_216).describe('Bytes of one row. A file with a larger one is refused.'),
  columns: z.int().min(1).max(100_000).default(5000).describe('Columns of the file. A file with more is refused.'),
  cell_bytes: z.int().min(1).max(268_435_456).default(1_048_576).describe('Bytes of one cell. A row with a larger one is rejected.'),
  max_reject_share: z.number().min(0).max(1).default(0.1).describe('The share of rows that may be rejected. Above it nothing is delivered.'),
});

const bound = z.union([z.number(), date], 'a number, or a date such as 2001-06-10').meta({ title: 'number, or date such as 2001-06-10' });
const range = z
  .strictObject({ min: bound.optional().describe('The least.'), max: bound.optional().describe('The most; of a timestamp, the last day.') })
  .refine((it) => it.min !== undefined || it.max !== undefined, 'a min, a max, or both');

const score = z.strictObject({
  table: name.optional().describe('The source that a batch stands in for: its rows are put beside that table’s own.'),
  range: z
    .record(column, range)
    .optional()
    .describe('What values of columns of that table may be, such as {distance: {min: 0, max: 20000}}. A row with another value is rejected.'),
  limits: scoreLimits.prefault({}).describe('What of a batch file is borne (score.md).'),
});

const replay = z.strictObject({
  rows: z.int().min(0).max(100_000).default(0).describe('So many rows that the last nights scored are extracted once more each night, and compared value by value; 0 for none. What peeks or is trained otherwise than scored stops the night (exit code 4), a rewritten source warns.'),
});

const deliver = z.strictObject({
  folder: textOrEnv.describe('The folder, relative to the project. A night that could not write there would be told before it trains.'),
  formats: z.array(z.enum(['csv', 'jsonl', 'parquet'])).min(1).default(['csv']).describe('The files of each night: csv, jsonl, parquet.'),
  name: name.default('scores').describe('How the files’ names begin: scores-2001-06-30.csv, and scores-latest.csv.'),
  columns: z
    .record(column, column)
    .refine((it) => Object.keys(it).length > 0, 'at least one column')
    .refine((it) => new Set(Object.values(it).map((one) => one.toLowerCase())).size === Object.keys(it).length, 'each name once')
    .optional()
    .describe('Which columns of scores, in this order, and what each is called: {flight_id: id, score: p_late}. Unless said all, under their own names.'),
});

const fields = {
  name: name.describe('The project, as logs and reports call it.'),
  about: z.string().optional().describe('One sentence on what is predicted, for people.'),
  limits: z.string().optional().describe('What the model is not for, and what it does not know, for people: its card and its report say so.'),
  task: z.enum(['binary', 'multiclass', 'regression']).default('binary').describe('What kind of label there is.'),
  as_of: z
    .union([z.enum(['today', 'latest']), date])
    .meta({ title: 'today, latest, or a date' })
    .default('today')
    .describe('The as-of date where --as-of gives none. today: the date in the time zone. latest: the last day of the first source with a time.'),
  timezone: z.string().default('UTC').refine(isTimezone, 'an IANA time zone such as Europe/Zurich').describe('The IANA time zone in which today is settled, such as Europe/Zurich.'),
  seed: z.int().min(0).max(4_294_967_295).default(1).describe('Everything that is drawn is drawn by it.'),
  warehouse: z.enum(['sqlite', 'duckdb']).default('sqlite').describe('The engine that runs the SQL and keeps the tables: data/warehouse.db or data/warehouse.duckdb.'),
  state: textOrEnv.default('.').describe('The folder in which models/, data/ and logs/ live; relative to the project.'),
  sources: z
    .record(name, source)
    .refine((it) => Object.keys(it).length > 0, 'at least one source')
    .describe('The tables that SQL may read, by the name that it reads them by. Each says where it is: exactly one of database, csv, parquet.'),
  params: z.record(name, z.union([z.number(), z.string(), z.boolean()])).default({}).describe('Values that SQL may use by name, as literals: {{ name }}. A boolean is 1 or 0.'),
  entity: columns.optional().describe('What a row is about. It may recur; a row may not. Unless said, the key.'),
  time: column.optional().describe('The date column of a row. Required unless split.by is hash.'),
  key: columns.optional().describe('What names a row. Unless said, entity and time.'),
  lead: duration.prefault('0d').describe('How long before its time a row is predicted; at least split.fresh_days − 1. A row’s cutoff is its time less the lead.'),
  label: label.describe('What is to be predicted, and when it is known.'),
  features: z
    .strictObject({
      number: z.array(column).default([]).describe('Numeric features.'),
      category: z.array(column).default([]).describe('Features of text, each value a category.'),
    })
    .refine((it) => it.number.length + it.category.length > 0, 'at least one feature')
    .refine(({ number, category }) => new Set([...number, ...category]).size === number.length + category.length, 'each feature once, as a number or as a category')
    .describe('The columns of features that the model is given, in this order.'),
  weight: column.optional().describe('The column of features that says what a row counts for in training; 1 unless said. Test rows count alike.'),
  units: z.record(column, z.string().min(1).max(60)).optional().describe('The unit of columns of features, for people, such as {distance: miles}. The feature contract carries it.'),
  sensitive: z.array(column).default([]).describe('Columns that may feed the model but are shown nowhere: wherever rows are printed, a keyed hash stands for the value.'),
  split: split.prefault({}).describe('Which rows train, test and are scored.'),
  model: z
    .strictObject({
      family: z.string().default('mlp').describe('A family of models: linear, mlp, tabm, gbdt, auto, or one of the project’s own in families/.'),
      budget: seconds.prefault('60s').describe('Only for auto: how long training may take. It becomes fixed work before training begins.'),
      class_weights: classWeights.optional().describe('What rows of a class count for in training: balanced, or a number for each class, such as {1: 5}. Probabilities are set right afterwards.'),
      backend: z.enum(['auto', 'wasm', 'native']).default('auto').describe('What trains: native TensorFlow or WASM. auto: native where it is installed.'),
      options: z.record(z.string(), z.unknown()).default({}).describe('Options of the family, listed below.'),
    })
    .prefault({})
    .describe('What is trained.'),
  train: z
    .strictObject({
      every: duration.optional().describe('How old a champion may grow before a night trains again; until then it scores alone. Unless said, every night trains.'),
      choose_every: duration.optional().describe('Only for auto: for so many days the nights train again what was chosen, and choose nothing. Unless said, every night chooses.'),
    })
    .prefault({})
    .describe('When what is trained.'),
  decision: decision.optional().describe('How a score becomes a class: one of these. Unless said, as many positives as the held-out rows have.'),
  metrics: z
    .strictObject({
      primary: z.string().optional().describe('The metric that stands for the model. Unless said: auc for binary, log_loss for multiclass, rmse for regression.'),
      resamples: z.int().min(50).max(10_000).default(300).describe('Bootstrap resamples of each interval.'),
      level: share.default(0.95).describe('The level of the intervals.'),
    })
    .prefault({})
    .describe('How the test batch is measured.'),
  slices: z.array(column).default([]).describe('Columns of features by whose values every metric is measured again.'),
  rule: column.optional().describe('The column of features with what a rule of your own predicts: a probability, a number, or the name of a class. Not a feature itself. For better_than: rule.'),
  reference: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._~-]{0,99}$/, 'the id of a run').meta({ title: 'run id' }).optional().describe('The run whose model no_worse_than: reference holds against, so that margins of single nights cannot add up.'),
  champion_max_age: duration.optional().describe('A warning says when the champion was trained longer ago than this.'),
  retention: z
    .strictObject({
      rows: duration.prefault('400d').describe('How long scored rows and their features are kept, and the training batches of champions.'),
      training: duration.prefault('30d').describe('How long the training batches of other runs are kept, and the models that were never champion.'),
      logs: duration.prefault('400d').describe('How long lines of logs are kept.'),
    })
    .prefault({})
    .describe('What run.sh prune frees. Scores are kept for ever.'),
  drift: drift.prefault({}).describe('What is said where features or scores are distributed otherwise than in training.'),
  score: score.prefault({}).describe('How a batch that somebody brings is scored.'),
  replay: replay.prefault({}).describe('Whether each night looks back at what earlier ones scored (champion.md).'),
  deliver: deliver.optional().describe('Where each published night is written for those who do not read the warehouse (deliver.md).'),
  gates: z.array(gate).default([]).describe('What a model must hold to publish (gates.md). If one fails, or is unclear where that keeps the champion, the champion scores instead; without a champion nothing is published (exit code 4).'),
};

/** The profile overlays are checked after they are laid over the file, so here anything goes. */
const profiles = z.record(name, z.record(z.string(), z.unknown())).default({}).describe('Overlays by name, for --profile: any of the keys above. null takes a key away.');

/** The one schema of `pipeline.yaml`: types, checks and editor completion come from it. */
export const configSchema = z
  .strictObject({ ...fields, profiles })
  .refine((it) => it.key !== undefined || it.entity !== undefined, { path: ['key'], error: 'a key, or an entity (with a time)' })
  .refine((it) => it.time !== undefined || it.split.by === 'hash', { path: ['time'], error: 'a time, unless split.by is hash' })
  .refine((it) => ![...it.features.number, ...it.features.category].includes(it.label.column), { path: ['features'], error: 'columns other than the label' })
  .refine((it) => it.rule === undefined || ![...it.features.number, ...it.features.category, it.label.column].includes(it.rule), { path: ['rule'], error: 'a column that is neither a feature nor the label' })
  .refine((it) => it.time !== undefined || it.label.matures_after === undefined, { path: ['label'], error: 'known_at: COLUMN, since rows without a time have nothing to mature after' })
  .refine((it) => it.score.table === undefined || it.score.table in it.sources, { path: ['score', 'table'], error: 'the name of one of the sources' })
  .superRefine((it, context) => rangeFaults(it).forEach((message) => context.addIssue({ code: 'custom', path: ['score', 'range'], message })))
  .refine((it) => it.lead >= it.split.fresh_days - 1, { path: ['lead'], error: leadNeeded });

export type Config = z.output<typeof configSchema>;
export type SourceConfig = Config['sources'][string];
export type TextOrEnv = z.output<typeof textOrEnv>;

function leadNeeded({ input }: { readonly input?: unknown }): string {
  const days = (input as { split: { fresh_days: number } }).split.fresh_days - 1;
  return `at least ${days}d, which is split.fresh_days − 1, so that training rows are as stale as the last fresh one`;
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
