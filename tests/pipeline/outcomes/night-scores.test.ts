import { expect, test } from '@jest/globals';
import type { Column, ColumnBatch } from '../../../src/dataset/batch.ts';
import { metricsOf } from '../../../src/evaluation/metrics.ts';
import type { StepContext } from '../../../src/pipeline/context.ts';
import { makeRelations } from '../../../src/pipeline/job/make-relations.ts';
import { scoresOfNights } from '../../../src/pipeline/outcomes/night-scores.ts';
import { poolOf } from '../../../src/pipeline/outcomes/pool.ts';
import { PUBLISHED, SCORES, SCORES_CURRENT, type Published, readPublished } from '../../../src/pipeline/published.ts';
import { KINDS } from '../../contract/warehouses.ts';
import { type SmallOptions, withSmallStep } from '../small.ts';

interface Scored {
  readonly shop: string;
  readonly day: string;
  readonly numbers: Readonly<Record<string, number>>;
}

/** Publishes scores of a night as 07-publish does. */
async function publish(step: StepContext, asOf: string, rows: readonly Scored[]): Promise<void> {
  const warehouse = await step.warehouse();
  const text = (values: readonly string[]) => ({ storage: 'text' as const, codes: Int32Array.from(values.keys()), dictionary: values });
  const names = Object.keys(rows[0]!.numbers);
  const batch: ColumnBatch = {
    rows: rows.length,
    columns: new Map<string, Column>([
      ['shop', text(rows.map(({ shop }) => shop))], ['on_day', text(rows.map(({ day }) => day))], ['as_of', text(rows.map(() => asOf))], ['run_id', text(rows.map(() => `${asOf}-r`))],
      ...names.map((name) => [name, { storage: 'number' as const, values: Float64Array.from(rows, ({ numbers }) => numbers[name]!), nulls: undefined }] as const),
    ]),
  };
  await warehouse.load('staged', { shop: 'text', on_day: 'date', as_of: 'text', run_id: 'text', ...Object.fromEntries(names.map((name) => [name, 'number' as const])) }, (async function* () { yield batch; })());
  await warehouse.publish({ table: SCORES, staged: 'staged', asOf, recordTable: PUBLISHED, record: { as_of: asOf, run_id: `${asOf}-r`, model_run: '2024-01-05-m', rows: BigInt(rows.length), scores_hash: 'h' }, currentView: SCORES_CURRENT });
}

function withNights<T>(options: SmallOptions, nights: Readonly<Record<string, readonly Scored[]>>, act: (step: StepContext, published: readonly Published[]) => Promise<T>): Promise<T> {
  return withSmallStep(options, async ({ step }) => {
    await makeRelations(step);
    for (const [asOf, rows] of Object.entries(nights)) await publish(step, asOf, rows);
    return act(step, await readPublished(await step.warehouse()));
  });
}

const shops = (day: string, numbers: (i: number) => Readonly<Record<string, number>>): readonly Scored[] => ['s1', 's2', 's3'].map((shop, i) => ({ shop, day, numbers: numbers(i) }));
const read = (step: StepContext, nights: readonly Published[]) => scoresOfNights(step, { scores: SCORES, features: 'features', nights });

test.each(KINDS)('scores are joined with labels by key and night, known by the label’s own rule, in %s', async (kind) => {
  // Told two days later: on 10 January, visits of the 9th are not known yet. Busy is more than ten visits, the shop's number times the day.
  const nights = { '2024-01-06': [...shops('2024-01-06', (i) => ({ score: 0.2 + i / 10, class: i === 2 ? 1 : 0 })), { shop: 'closed', day: '2024-01-06', numbers: { score: 0.9, class: 1 } }], '2024-01-09': shops('2024-01-09', () => ({ score: 0.5, class: 0 })) };
  await withNights({ kind }, nights, async (step, published) => {
    const [first, second] = await read(step, published);
    expect([first!.rows, first!.labelled, first!.gone, first!.missing]).toEqual([4, 3, 1, 0]);
    expect([[...first!.data.labels], [...first!.data.decided!]]).toEqual([[0, 1, 1], [0, 0, 1]]);
    expect(first!.data.predictions[2]).toBeCloseTo(0.4, 12);
    expect([second!.rows, second!.labelled]).toEqual([3, 0]);
  });
});

test.each(KINDS)('the same entity on two nights is one cluster, and nights of equal rows have content of their own, in %s', async (kind) => {
  const nights = { '2024-01-05': shops('2024-01-05', () => ({ score: 0.5, class: 1 })), '2024-01-06': shops('2024-01-06', () => ({ score: 0.5, class: 1 })) };
  await withNights({ kind }, nights, async (step, published) => {
    const found = await read(step, published);
    expect([...poolOf(found).clusters!]).toEqual([0, 1, 2, 0, 1, 2]);
    expect(new Set(found.map(({ content }) => content)).size).toBe(2);
    expect((await read(step, published)).map(({ content }) => content)).toEqual(found.map(({ content }) => content));
  });
});

test.each(KINDS)('a regression’s bounds as they were published say how many labels they held, in %s', async (kind) => {
  const options: SmallOptions = { kind, set: ['task=regression', 'label={column: visits, known_at: told_on}'], features: (sql) => sql.replace('CASE WHEN v.visits > 10 THEN 1 ELSE 0 END AS busy', 'v.visits') };
  // Visits are 6, 12 and 18, and 5, 10 and 15: a margin of 1 around 6, 10 and 10, and of 10 around 0.
  const nights = { '2024-01-05': shops('2024-01-05', () => ({ score: 0, score_low: -10, score_high: 10 })), '2024-01-06': shops('2024-01-06', (i) => ({ score: i === 0 ? 6 : 10, score_low: i === 0 ? 5 : 9, score_high: i === 0 ? 7 : 11 })) };
  await withNights(options, nights, async (step, published) => {
    const metrics = metricsOf('regression', poolOf(await read(step, published)).data);
    expect(metrics.get('coverage')).toBeCloseTo(3 / 6, 12);
    expect(metrics.get('mae')).toBeCloseTo((5 + 10 + 15 + 0 + 2 + 8) / 6, 12);
  });
});

test.each(KINDS)('a row whose class the model did not know is left out, as on its test batch, in %s', async (kind) => {
  const options: SmallOptions = { kind, set: ['task=multiclass'], features: (sql) => sql.replace('THEN 1 ELSE 0 END', "THEN 'busy' WHEN v.visits < 7 THEN 'calm' ELSE 'new' END") };
  const nights = { '2024-01-04': shops('2024-01-04', (i) => ({ score: 0.6, score_busy: i === 2 ? 0.6 : 0.4, score_calm: i === 2 ? 0.4 : 0.6 })) };
  await withNights(options, nights, async (step, published) => {
    const [night] = await read(step, published);
    expect([night!.labelled, night!.missing, [...night!.data.labels]]).toEqual([3, 0, [1, 0]]);
    expect(metricsOf('multiclass', night!.data).get('accuracy')).toBe(1);
  });
});

test.each(KINDS)('a label that should be known and is missing is counted, and no zero, in %s', async (kind) => {
  const options: SmallOptions = { kind, features: (sql) => sql.replace('ELSE 0 END AS busy', "WHEN v.shop = 's1' THEN NULL ELSE 0 END AS busy") };
  await withNights(options, { '2024-01-04': shops('2024-01-04', () => ({ score: 0.5, class: 0 })) }, async (step, published) => {
    const [night] = await read(step, published);
    expect([night!.rows, night!.labelled, night!.missing]).toEqual([3, 2, 1]);
  });
});
