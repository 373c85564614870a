import type { Column, Storage } from '../dataset/batch.ts';
import type { Row, Warehouse } from '../warehouse/warehouse.ts';
import type { Feature } from './candidates.ts';
import { type Groups, type SampleLabels, type Telling, groupNumbers, orderTells, squaredCorrelation, tellingOf } from './give-away.ts';
import { looksLikeOutcome, wordsOf } from './names.ts';
import { identifier } from './sql.ts';
import type { Target } from './target.ts';

/** A feature that may know the label. */
export interface Suspect {
  readonly feature: Feature;
  readonly why: string;
  /** Whether it is left out unless somebody puts it back. */
  readonly leave: boolean;
  readonly isCopy: boolean;
}

export interface SuspectsRequest {
  /** The relation that the SQL of features calls `r`. */
  readonly relation: string;
  readonly features: readonly Feature[];
  readonly target: Target;
  readonly label: string;
}

const NEARLY_PERFECT = 0.995;
/** What is named after an outcome and tells this much is one. */
const TELLING = 0.9;
const MOST_ROWS = 20_000;
const MOST_CELLS = 4_000_000;

/** Features that give the label away: copies of it, near-perfect tellers, and those that are called like an outcome. */
export async function suspectsOf(warehouse: Warehouse, request: SuspectsRequest): Promise<readonly Suspect[]> {
  const { features, target } = request;
  const sample = await sampleOf(warehouse, request);
  const gone = await missingWithLabel(warehouse, request);
  const suspects: Suspect[] = [];
  for (const [i, feature] of features.entries()) {
    const column = sample.columns[i];
    const told = column === undefined ? undefined : bestOf(tellingOf(groupsOf(column), sample.labels), column.storage === 'number' && target.task === 'binary' ? orderTells(column.values, sample.labels) : undefined);
    const linear = column?.storage === 'number' && target.task === 'regression' ? squaredCorrelation(column.values, sample.labels.values) : 0;
    const comesAlong = { feature, why: `it is missing in the rows whose ${target.column} is missing, so it comes with it`, leave: true, isCopy: false };
    const suspect = (await judge(warehouse, request, { feature, told, linear, leaves: gone.has(feature) })) ?? (gone.has(feature) ? comesAlong : undefined);
    if (suspect !== undefined) suspects.push(suspect);
  }
  return suspects;
}

function bestOf(one: Telling | undefined, other: Telling | undefined): Telling | undefined {
  return one === undefined || (other !== undefined && other.score > one.score) ? other : one;
}

interface Found {
  readonly feature: Feature;
  readonly told: Telling | undefined;
  readonly linear: number;
  /** Whether it is gone where the label is. */
  readonly leaves: boolean;
}

async function judge(warehouse: Warehouse, request: SuspectsRequest, { feature, told, linear, leaves }: Found): Promise<Suspect | undefined> {
  const { target } = request;
  const score = Math.max(told?.score ?? 0, linear);
  const isPerfect = (told !== undefined && score >= NEARLY_PERFECT && 1 - told.base > 2 * (1 - score)) || linear >= NEARLY_PERFECT;
  const small = told === undefined && linear === 0;
  if ((isPerfect || small) && (await isCopy(warehouse, request, feature))) return { feature, why: `it is a copy of ${target.column}`, leave: true, isCopy: true };
  if (isPerfect) return { feature, why: `alone it tells ${target.column} almost perfectly (${measureOf(target)} ${score.toFixed(4)})`, leave: true, isCopy: false };
  const tells = told !== undefined && score >= TELLING && 1 - told.base > 2 * (1 - score) ? `alone it tells ${target.column} (${measureOf(target)} ${score.toFixed(3)})` : undefined;
  if (leaves) return undefined;
  if (isCalledOutcome(feature, target)) return { feature, why: ['by its name it may be an outcome, too', ...(tells === undefined ? [] : [tells])].join(', and '), leave: tells !== undefined, isCopy: false };
  return tells === undefined ? undefined : { feature, why: tells, leave: false, isCopy: false };
}

function measureOf({ task }: Target): string {
  return { binary: 'AUC', multiclass: 'accuracy', regression: 'R²' }[task];
}

/** Called after the target, or like a result. */
function isCalledOutcome({ column }: Feature, target: Target): boolean {
  const [words, own] = [wordsOf(target.column), wordsOf(column)];
  const isAfter = words.join('').length >= 4 && words.every((word) => own.includes(word)) && own.length > words.length;
  return isAfter || looksLikeOutcome(column);
}

/** Whether values and labels go together one to one, over all rows; a regression's copy has its very numbers. */
async function isCopy(warehouse: Warehouse, { relation, target, label }: SuspectsRequest, { sql }: Feature): Promise<boolean> {
  const pairs = `SELECT ${sql} AS v, ${label} AS l FROM ${identifier(relation)} AS r WHERE ${label} IS NOT NULL`;
  const one = async (query: string): Promise<Row> => (await warehouse.rows(query))[0] ?? {};
  if (target.task === 'regression') return Number((await one(`SELECT count(*) AS n FROM (${pairs}) AS p WHERE v IS DISTINCT FROM l`))['n']) === 0;
  const row = await one(`SELECT count(*) AS pairs, count(DISTINCT v) AS vs, count(DISTINCT l) AS ls, count(*) FILTER (v IS NULL) AS gaps FROM (SELECT DISTINCT v, l FROM (${pairs}) AS p) AS d`);
  const values = Number(row['vs']) + Math.min(1, Number(row['gaps']));
  return Number(row['pairs']) === Number(row['ls']) && values === Number(row['ls']);
}

/** So many rows without a label show what else is missing there. */
const FEWEST_UNLABELLED = 10;
const CHUNK = 100;

/** Features that most labelled rows have and hardly any row without a label. */
async function missingWithLabel(warehouse: Warehouse, { relation, features, target, label }: SuspectsRequest): Promise<ReadonlySet<Feature>> {
  const gone = new Set<Feature>();
  if (target.missing < FEWEST_UNLABELLED) return gone;
  for (let at = 0; at < features.length; at += CHUNK) {
    const chunk = features.slice(at, at + CHUNK);
    const counts = chunk.flatMap(({ sql }, i) => [`count(${sql}) FILTER (${label} IS NOT NULL) AS l${i}`, `count(${sql}) FILTER (${label} IS NULL) AS u${i}`]);
    const [row = {}] = await warehouse.rows(`SELECT ${counts.join(', ')} FROM ${identifier(relation)} AS r`);
    chunk.forEach((feature, i) => {
      if (Number(row[`l${i}`]) > 0.5 * target.labelled && Number(row[`u${i}`]) <= 0.02 * target.missing) gone.add(feature);
    });
  }
  return gone;
}

interface Sample {
  readonly columns: readonly Column[];
  readonly labels: SampleLabels;
}

/** Rows at equal distances, as columns. */
async function sampleOf(warehouse: Warehouse, { relation, features, target, label }: SuspectsRequest): Promise<Sample> {
  const most = Math.min(MOST_ROWS, Math.ceil(MOST_CELLS / Math.max(1, features.length)));
  const step = Math.max(1, Math.ceil(target.labelled / most));
  const selected = features.map(({ sql, kind }, i) => `${kind === 'number' ? `CAST(${sql} AS DOUBLE)` : sql} AS f${i}`);
  const text = target.task === 'multiclass' ? `CAST(${label} AS VARCHAR)` : `CAST(${label} AS DOUBLE)`;
  const inner = `SELECT ${[...selected, `${text} AS label`].join(', ')}, row_number() OVER () AS place FROM ${identifier(relation)} AS r WHERE ${label} IS NOT NULL`;
  const names = [...features.map((_, i) => `f${i}`), 'label'];
  const storages = Object.fromEntries([...features.map(({ kind }, i): [string, Storage] => [`f${i}`, kind === 'number' ? 'number' : 'text']), ['label', target.task === 'multiclass' ? 'text' : 'number'] as [string, Storage]]);
  const batches: ReadonlyMap<string, Column>[] = [];
  const sql = `SELECT ${names.join(', ')} FROM (${inner}) AS sampled WHERE place % ${step} = 0 ORDER BY place`;
  for await (const batch of warehouse.stream(sql, { columns: storages, batchRows: MOST_ROWS + 1 })) batches.push(batch.columns);
  const whole = (name: string): Column => joined(batches.flatMap((batch) => batch.get(name) ?? []));
  const labels = whole('label');
  const codes = labels.storage === 'text' ? Float64Array.from(labels.codes) : labels.values;
  return { columns: features.map((_, i) => whole(`f${i}`)), labels: { task: target.task, values: codes, classes: labels.storage === 'text' ? labels.dictionary.length : 0 } };
}

/** Columns of several batches as one, with one dictionary. */
function joined(columns: readonly Column[]): Column {
  if (columns[0]?.storage === 'number') {
    return { storage: 'number', nulls: undefined, values: Float64Array.from(columns.flatMap((column) => (column.storage === 'number' ? [...column.values] : []))) };
  }
  const dictionary = new Map<string, number>();
  const codes = columns.flatMap((column) => (column.storage === 'text' ? Array.from(column.codes, (code) => (code < 0 ? -1 : placeIn(dictionary, column.dictionary[code] ?? ''))) : []));
  return { storage: 'text', codes: Int32Array.from(codes), dictionary: [...dictionary.keys()] };
}

function placeIn(dictionary: Map<string, number>, text: string): number {
  const known = dictionary.get(text);
  if (known !== undefined) return known;
  dictionary.set(text, dictionary.size);
  return dictionary.size - 1;
}

/** Missing values are a group of their own. */
function groupsOf(column: Column): Groups {
  if (column.storage === 'number') return groupNumbers(column.values);
  return { codes: column.codes.map((code) => code + 1), count: column.dictionary.length + 1 };
}
