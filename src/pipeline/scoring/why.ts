import type { Column, ColumnBatch, TextColumn } from '../../dataset/batch.ts';
import { pickRows } from '../../dataset/pick.ts';
import { descendingOrder } from '../../evaluation/order.ts';
import { contributionsOf } from '../../model/contributions.ts';
import type { FittedModel } from '../../model/family.ts';
import { signed } from '../../report/page/words.ts';
import type { StepContext } from '../context.ts';
import { medianRow } from '../explanation/median-row.ts';
import { columnOf, featureStorage } from '../job/streams.ts';
import { ROW_NUMBER } from './stage.ts';

/** The column of the output. */
export const WHY = 'why';

export interface WhyRequest {
  /** Gives the features of the batch's rows, with their numbers. */
  readonly sql: string;
  readonly model: FittedModel;
  /** The model's. */
  readonly folder: string;
  /** Of each row of the batch by its number; −∞ where the row has none. */
  readonly scores: Float64Array;
  /** How many rows are explained: those with the highest scores. */
  readonly most: number;
}

/** Contributions told of a row, the largest first. */
const TOLD = 3;

/** What contributed most to the highest scores of a batch, in words, by the rows' numbers. */
export async function whyHighest(step: StepContext, { sql, model, folder, scores, most }: WhyRequest): Promise<ReadonlyMap<number, string>> {
  const why = new Map<number, string>();
  if (most === 0) return why;
  const highest = Array.from(descendingOrder(scores).subarray(0, most)).filter((row) => scores[row] !== Number.NEGATIVE_INFINITY);
  if (highest.length === 0) return why;
  const against = medianRow(folder, model.contract);
  const warehouse = await step.warehouse();
  const wanted = `SELECT * FROM (${sql}) AS of_batch WHERE ${warehouse.dialect.identifier(ROW_NUMBER)} IN (${highest.join(', ')})`;
  for await (const batch of warehouse.stream(wanted, { columns: { [ROW_NUMBER]: 'number', ...featureStorage(model.contract) } })) {
    for (let at = 0; at < batch.rows; at++) {
      const row = pickRows(batch, [at]);
      why.set(numberOf(row), await wordsOf(model, { row, against, seed: step.config.seed }));
      step.progress(`${why.size} of ${highest.length} scores explained`);
    }
  }
  return why;
}

function numberOf(row: ColumnBatch): number {
  const column = columnOf(row, ROW_NUMBER);
  return column.storage === 'number' ? column.values[0]! : Number.NaN;
}

/** `route_late_28 +0.1200; distance −0.0310`: contributions to the score, of several classes to that of the likeliest. */
async function wordsOf(model: FittedModel, { row, against, seed }: { row: ColumnBatch; against: ColumnBatch; seed: number }): Promise<string> {
  const predictions = await model.predict(row);
  const { contributions } = await contributionsOf(model, { row, against, output: predictions.indexOf(Math.max(...predictions)), seed });
  return model.contract.features
    .map(({ name }, i) => ({ name, contribution: contributions[i]! }))
    .filter(({ contribution }) => contribution !== 0)
    .toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
    .slice(0, TOLD)
    .map(({ name, contribution }) => `${name} ${signed(contribution)}`)
    .join('; ');
}

/** The column of some rows, by what is known of each; empty where nothing is. */
export function whyColumn(texts: readonly (string | undefined)[]): Column {
  const dictionary = [...new Set(texts.filter((text) => text !== undefined))];
  return { storage: 'text', codes: Int32Array.from(texts, (text) => (text === undefined ? -1 : dictionary.indexOf(text))), dictionary } satisfies TextColumn;
}
