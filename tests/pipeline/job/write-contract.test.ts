import { describe, expect, test } from '@jest/globals';
import type { FeatureContract } from '../../../src/pipeline/job/feature-contract.ts';
import { makeRelations } from '../../../src/pipeline/job/make-relations.ts';
import { writeContract } from '../../../src/pipeline/job/write-contract.ts';
import { KINDS } from '../../contract/warehouses.ts';
import { type SmallOptions, withSmallStep } from '../small.ts';

const contractOf = (options: SmallOptions): Promise<FeatureContract> =>
  withSmallStep(options, async ({ step }) => {
    await makeRelations(step);
    await writeContract(step);
    expect(await (await step.warehouse()).tables()).toEqual(['features']);
    return step.readResult('contract') as FeatureContract;
  });

const CATEGORIES = 'features={number: [visits_before, orders_before], category: [shop]}';

describe.each(KINDS)('the feature contract in %s', (kind) => {
  test('tells of each feature, in the model’s order, what rows of the training window hold and no others', async () => {
    const { features, ...seen } = await contractOf({ kind, set: [CATEGORIES, 'units={visits_before: people}'] });
    expect(seen).toEqual({ rows: 18, from: '2024-01-02', until: '2024-01-08' });
    const common = { nullable: false, missing: 0, sensitive: false };
    expect(features).toMatchObject([
      { ...common, name: 'visits_before', kind: 'number', unit: 'people', nullable: true, missing: 3 / 18, range: [1, 15], categories: null },
      { ...common, name: 'orders_before', kind: 'number', unit: null, range: [0, 2], categories: null },
      { ...common, name: 'shop', kind: 'category', type: 'text', range: null, categories: [{ value: 's1', rows: 6 }, { value: 's2', rows: 6 }, { value: 's3', rows: 6 }] },
    ]);
  });

  test('tells nothing of the values of a sensitive column, and lists no categories where they are too many', async () => {
    const many = (sql: string): string => sql.replace('v.mail,', "v.mail, v.shop || '-' || v.on_day_day || '-' || n.value AS one,").replace(/FROM \{\{ visits \}\} AS v\n/, (from) => `${from}CROSS JOIN (WITH RECURSIVE up(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM up WHERE value < 60) SELECT value FROM up) AS n\n`);
    const { features } = await contractOf({ kind, features: many, set: ['features={number: [visits_before], category: [mail, one]}', 'sensitive=[mail, visits_before]'] });
    expect(features).toMatchObject([{ name: 'visits_before', sensitive: true, range: null }, { name: 'mail', sensitive: true, categories: null }, { name: 'one', sensitive: false, categories: null }]);
    expect(JSON.stringify(features)).not.toContain('@');
  });

  test('is of all rows where rows have no time, and writes numbers that are categories as the model is given them', async () => {
    const whole = (sql: string): string => sql.replace(/WHERE v\.on_day_day >= [\s\S]*$/, '').replace('SELECT v.shop,', 'SELECT v.shop, v.visits % 3 AS third,');
    const { features, ...seen } = await contractOf({ kind, features: whole, set: ['split.by=hash', 'time=null', 'features={number: [], category: [third]}', 'key=[shop, on_day]', 'entity=shop'] });
    expect(seen).toEqual({ rows: 30, from: null, until: null });
    expect(features[0]?.categories?.map(({ value }) => value)).toEqual(['0', '1', '2']);
  });
});
