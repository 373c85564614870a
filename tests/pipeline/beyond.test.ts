import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Column } from '../../src/dataset/batch.ts';
import { type Beyond, BeyondContract } from '../../src/pipeline/scoring/beyond.ts';
import type { FeatureFacts } from '../../src/pipeline/job/feature-contract.ts';
import { Mask } from '../../src/shared/sensitive.ts';
import { withFolder } from '../contract/warehouses.ts';

const number = (...values: readonly number[]): Column => ({ storage: 'number', values: Float64Array.from(values), nulls: Uint8Array.from(values, (value) => Number(Number.isNaN(value))) });
const text = (...dictionary: readonly string[]): Column => ({ storage: 'text', codes: Int32Array.from(dictionary.keys()), dictionary });

const FACTS: FeatureFacts = { name: 'a', kind: 'number', type: 'number', unit: null, nullable: true, missing: 0.5, sensitive: false, range: [0, 10], categories: null };

function foundBy(facts: Partial<FeatureFacts> | undefined, columns: readonly Column[], sensitive: readonly string[] = []): Promise<readonly Beyond[]> {
  return withFolder(async (folder) => {
    if (facts !== undefined) writeFileSync(join(folder, 'features.json'), JSON.stringify({ rows: 100, from: null, until: null, features: [{ ...FACTS, ...facts }] }));
    const contract = new BeyondContract(folder, new Mask(sensitive, folder));
    for (const column of columns) contract.look({ rows: 2, columns: new Map([['a', column]]) });
    return contract.found();
  });
}

test('rows are counted over all batches; the bounds themselves are within, and a number may be missing where training rows lacked it', async () => {
  expect(await foundBy({}, [number(0, 10), number(-1, Number.NaN), number(11, Number.POSITIVE_INFINITY)])).toEqual([{ feature: 'a', what: 'range', rows: 3, told: 'a beyond 0 to 10, which training rows had' }]);
});

test('three new categories are named, shortened, and the others counted', async () => {
  const facts = { kind: 'category', range: null, nullable: false, categories: [{ value: 'x', rows: 9 }] } as const;
  const [found] = await foundBy(facts, [text('x', 'p'), text('q', 'p'), text('r'.repeat(50), 's')]);
  expect(found).toMatchObject({ what: 'category', rows: 5, told: `a value of a that no training row had: "p", "q", "${'r'.repeat(40)}…" and others` });
});

test('nothing is said of a sensitive column, of one with too many categories, and by a model that kept no contract', async () => {
  expect(await foundBy({ sensitive: true, range: null }, [number(-5, 99)])).toEqual([]);
  expect(await foundBy({ kind: 'category', range: null }, [text('new', 'newer')])).toEqual([]);
  expect(await foundBy({}, [number(-5, 99)], ['A'])).toEqual([]);
  expect(await foundBy(undefined, [number(-5, 99)])).toEqual([]);
});
