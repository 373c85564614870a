import type { ColumnBatch, Storage } from '../../dataset/batch.ts';
import type { Grouping } from '../../model/family.ts';
import type { Config } from '../../shared/config/schema.ts';
import { dayOf } from '../../shared/days.ts';
import { SqlText } from '../../shared/template.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { dayColumn, keyColumns } from '../columns.ts';
import type { StepContext } from '../context.ts';
import { recurringEntities } from '../job/entities.ts';
import { columnOf } from '../job/streams.ts';
import type { Published } from '../published.ts';
import { KNOWN, LABEL, LabelledRows, type NightScores } from './labelled-rows.ts';

export interface NightScoresRequest {
  /** The relation with the published scores, and that with the features. */
  readonly scores: string;
  readonly features: string;
  readonly nights: readonly Published[];
}

/** Joins published scores with the labels that were known before the as-of date, by the row's key. Nights in their order. */
export async function scoresOfNights(step: StepContext, request: NightScoresRequest): Promise<readonly NightScores[]> {
  const warehouse = await step.warehouse();
  const names = (await warehouse.columns(`SELECT * FROM ${warehouse.dialect.identifier(request.scores)}`, request.scores)).map(({ name }) => name);
  const further = names.filter((name) => name.startsWith('score_'));
  const entities = await recurringEntities(step, warehouse, request.features);
  const nights = new Map(request.nights.map((night) => [night.asOf, new LabelledRows(night, step.config, further)]));
  const columns: Record<string, Storage> = { as_of: 'text', score: 'number', ...(step.config.task === 'binary' ? { class: 'number' } : {}), ...Object.fromEntries(further.map((name) => [name, 'number'])), [KNOWN]: 'number', [LABEL]: step.config.task === 'multiclass' ? 'text' : 'number', ...entities?.storage };
  const sql = await joinOf(step, warehouse, { ...request, columns: Object.keys(columns) });
  for await (const batch of warehouse.stream(sql, { columns })) addTo(nights, batch, entities?.groups);
  return [...nights.values()].map((rows) => rows.night());
}

function addTo(nights: ReadonlyMap<string, LabelledRows>, batch: ColumnBatch, groups: Grouping | undefined): void {
  const asOf = columnOf(batch, 'as_of');
  if (asOf.storage !== 'text') throw new Error('the stream lacks the as-of dates');
  const entities = groups?.(batch);
  for (let row = 0; row < batch.rows; row++) nights.get(asOf.dictionary[asOf.codes[row]!] ?? '')?.add(batch, row, entities?.[row]);
}

type Join = NightScoresRequest & { readonly columns: readonly string[] };

async function joinOf(step: StepContext, { dialect: { identifier, literal } }: Warehouse, { scores, features, nights, columns }: Join): Promise<string> {
  const keys = keyColumns(step.config);
  const label = identifier(step.config.label.column);
  const entity = (step.config.entity ?? []).filter((name) => !keys.includes(name));
  const known = `CASE WHEN ${await knownCondition(step)} THEN 1 ELSE 0 END AS ${identifier(KNOWN)}`;
  const text = step.config.task === 'multiclass' ? `CAST(${label} AS TEXT)` : label;
  const own = `SELECT ${[...keys, ...entity].map(identifier).join(', ')}, ${known}, ${text} AS ${identifier(LABEL)} FROM ${identifier(features)}${daysOf(step.config, nights, identifier)}`;
  const from = (name: string): string => (name === KNOWN || name === LABEL || entity.includes(name) ? 'f' : 's');
  return `SELECT ${columns.map((name) => `${from(name)}.${identifier(name)} AS ${identifier(name)}`).join(', ')} FROM ${identifier(scores)} AS s
LEFT JOIN (${own}) AS f ON ${keys.map((name) => `f.${identifier(name)} = s.${identifier(name)}`).join(' AND ')}
WHERE s.as_of IN (${nights.map(({ asOf }) => literal(asOf)).join(', ')})
ORDER BY ${['as_of', ...keys].map((name) => `s.${identifier(name)}`).join(', ')}`;
}

/** Only the days that the nights scored: the join is over them alone. */
function daysOf({ time, split }: Config, nights: readonly Published[], identifier: (name: string) => string): string {
  if (time === undefined) return '';
  const day = identifier(dayColumn(time));
  const days = nights.map(({ asOf }) => dayOf(asOf));
  return ` WHERE ${day} >= ${Math.min(...days)} AND ${day} < ${Math.max(...days) + split.fresh_days}`;
}

/** Whether a row's label was known before the as-of date: by the label's own rule, as for rows that test, never by its value. */
export async function knownCondition(step: StepContext): Promise<string> {
  const names = await step.vocabulary();
  const sql = (name: string): string => {
    const text = names.get(name);
    if (text instanceof SqlText) return text.sql;
    throw new Error(`the vocabulary has no ${name}`);
  };
  const { time } = step.config;
  const { identifier } = (await step.warehouse()).dialect;
  const past = time === undefined ? '' : ` AND ${identifier(dayColumn(time))} < ${sql('as_of_day')}`;
  return `${sql('label_known_day')} <= ${sql('as_of_day')}${past} AND NOT ${sql('excluded')}`;
}
