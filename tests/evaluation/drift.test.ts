import { describe, expect, test } from '@jest/globals';
import type { BatchSource, Column } from '../../src/dataset/batch.ts';
import type { Feature } from '../../src/dataset/contract.ts';
import { DRIFT_ROWS, type FeatureDrift, countIn, driftOf, usualOf } from '../../src/evaluation/drift.ts';
import { type CategoryProfile, type NumberProfile, type Profile, profileOf } from '../../src/evaluation/drift-profile.ts';
import { Random } from '../../src/evaluation/random.ts';

const limits = { warn: 0.1, block: 0.25 };
const number = (name: string): Feature => ({ name, kind: 'number' });
const category = (name: string): Feature => ({ name, kind: 'category' });

const numbers = (values: readonly (number | null)[]): Column => ({ storage: 'number', values: Float64Array.from(values, (one) => one ?? Number.NaN), nulls: values.includes(null) ? Uint8Array.from(values, (one) => (one === null ? 1 : 0)) : undefined });
const text = (values: readonly (string | null)[]): Column => {
  const dictionary = [...new Set(values.filter((one) => one !== null))];
  const places = new Map(dictionary.map((one, place) => [one, place]));
  return { storage: 'text', codes: Int32Array.from(values, (one) => (one === null ? -1 : places.get(one)!)), dictionary };
};
const rowsOf = (column: Column): number => (column.storage === 'number' ? column.values.length : column.codes.length);

/** One batch of columns. */
const batch = (columns: Readonly<Record<string, Column>>): BatchSource => async function* () {
  yield await Promise.resolve({ rows: rowsOf(Object.values(columns)[0]!), columns: new Map(Object.entries(columns)) });
};
const made = <T>(rows: number, seed: number, of: (random: Random) => T): T[] => {
  const random = new Random(seed);
  return Array.from({ length: rows }, () => of(random));
};

const driftIn = async (profile: Profile, columns: Readonly<Record<string, Column>>): Promise<readonly FeatureDrift[]> => driftOf(profile, await countIn(profile, batch(columns)), limits);

/** Numbers with a tail and categories with a long one; `shift` moves both. */
const features = [number('amount'), category('shop')];
const columnsOf = (rows: number, seed: number, shift = 0) => ({
  amount: numbers(made(rows, seed, (random) => Math.exp(random.normal() + shift))),
  shop: text(made(rows, seed + 1, (random) => `shop ${Math.floor(random.uniform() ** -(0.7 + shift))}`)),
});

describe('a profile', () => {
  test('of numbers has their quantiles, and bins of a tenth each between the least and the largest', async () => {
    const { features: found, rows } = await profileOf(batch({ amount: numbers(Array.from({ length: 1001 }, (_, i) => i)) }), [number('amount')], 1);
    const amount = found['amount'] as NumberProfile;
    expect(rows).toBe(1001);
    expect(amount.quantiles).toEqual([0, 10, 50, 250, 500, 750, 950, 990, 1000]);
    expect(amount.edges.slice(1)).toEqual([100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
    expect(amount.shares.map((share) => Math.round(share * 1001))).toEqual([0, 101, 100, 100, 100, 100, 100, 100, 100, 100, 100, 0]);
  });

  test('of categories names the frequent ones, and sums up the others and the missing', async () => {
    const values = [...Array<string>(600).fill('a'), ...Array<string>(300).fill('b'), ...Array.from({ length: 50 }, (_, i) => `rare ${i}`), ...Array<null>(50).fill(null)];
    const { features: found } = await profileOf(batch({ shop: text(values) }), [category('shop')], 1);
    expect(found['shop'] as CategoryProfile).toEqual({ kind: 'category', values: ['a', 'b'], usual: 'a', shares: [0.6, 0.3], rest: 0.05, missing: 0.05 });
  });

  test('is plain JSON, the same for the same rows, and from a sample where they are many', async () => {
    const source = batch(columnsOf(120_000, 1));
    const profile = await profileOf(source, features, 1);
    expect(JSON.parse(JSON.stringify(profile))).toEqual(profile);
    expect(await profileOf(source, features, 1)).toEqual(profile);
    expect(profile.rows).toBe(50_000);
    // The median of exp(N(0, 1)) is 1.
    expect((profile.features['amount'] as NumberProfile).quantiles[4]).toBeCloseTo(1, 1);
  });

  test('of a feature without values, and of no rows, says so', async () => {
    const nothing = await profileOf(batch({ amount: numbers([null, null]), shop: text([null, null]) }), features, 1);
    expect(nothing.features).toEqual({ amount: { kind: 'number', edges: [], shares: [0], missing: 1, quantiles: [] }, shop: { kind: 'category', values: [], usual: null, shares: [], rest: 0, missing: 1 } });
    expect(await profileOf(batch({ amount: numbers([]) }), [number('amount')], 1)).toMatchObject({ rows: 0 });
  });

  test('of a column that is not there is an error', async () => {
    await expect(profileOf(batch({ amount: numbers([1]) }), features, 1)).rejects.toThrow(expect.objectContaining({ code: 'drift-column-missing' }));
    const profile = await profileOf(batch(columnsOf(500, 1)), features, 1);
    await expect(countIn(profile, batch({ shop: text(['a']) }))).rejects.toThrow('amount');
  });
});

describe('drift', () => {
  let profile: Profile;
  const learned = async (): Promise<Profile> => (profile ??= await profileOf(batch(columnsOf(60_000, 1)), features, 1));

  test.each([[200, 400], [2000, 60], [100_000, 4]])('of equal distributions is next to never warned of, and is 0 on average, in batches of %d rows', async (rows, batches) => {
    const found: FeatureDrift[] = [];
    for (let i = 0; i < batches; i++) found.push(...(await driftIn(await learned(), columnsOf(rows, 100 + 2 * i))));
    expect(found.filter(({ verdict }) => verdict !== 'none').length / found.length).toBeLessThanOrEqual(0.0025);
    const mean = found.reduce((sum, { psi }) => sum + psi!, 0) / found.length;
    expect(Math.abs(mean)).toBeLessThan(0.006);
  });

  test.each([[0.35, 'warn'], [0.8, 'block']] as const)('of a shift of %d has the same verdict at 2,000 rows as at 200,000', async (shift, verdict) => {
    for (const rows of [2000, 200_000]) {
      const [amount] = await driftIn(await learned(), columnsOf(rows, 3, shift));
      expect({ rows, verdict: amount!.verdict }).toEqual({ rows, verdict });
    }
  });

  test('is large where a column is emptied, set to zero, or full of values never seen, and says which bin moved', async () => {
    const still = columnsOf(1000, 5);
    const spoiled = async (columns: Partial<typeof still>) => (await driftIn(await learned(), { ...still, ...columns })).find(({ verdict }) => verdict === 'block');
    expect(await spoiled({})).toBeUndefined();
    expect(await spoiled({ amount: numbers(Array<null>(1000).fill(null)) })).toMatchObject({ feature: 'amount', moved: { bin: 'missing', before: 0, now: 1 } });
    expect(await spoiled({ amount: numbers(Array<number>(1000).fill(0)) })).toMatchObject({ feature: 'amount', moved: { bin: 'below the least', before: 0, now: 1 } });
    expect(await spoiled({ shop: text(Array<string>(1000).fill('new')) })).toMatchObject({ feature: 'shop', moved: { bin: 'shop 1', now: 0 } });
  });

  test('is seen where a feature that never changed does', async () => {
    const constant = await profileOf(batch({ amount: numbers(Array<number>(1000).fill(3)) }), [number('amount')], 1);
    expect(await driftIn(constant, { amount: numbers(Array<number>(500).fill(3)) })).toMatchObject([{ verdict: 'none' }]);
    for (const other of [2.999, 3.001]) expect(await driftIn(constant, { amount: numbers(Array<number>(500).fill(other)) })).toMatchObject([{ verdict: 'block' }]);
  });

  test('is not told of too few rows, on either side', async () => {
    const few = columnsOf(DRIFT_ROWS - 1, 7, 3);
    expect(await driftIn(await learned(), few)).toMatchObject([{ psi: null, verdict: 'too few', moved: null }, { verdict: 'too few' }]);
    expect(await driftIn(await profileOf(batch(few), features, 1), columnsOf(5000, 8))).toMatchObject([{ verdict: 'too few' }, { verdict: 'too few' }]);
  });

  test('blocks only where that is asked for', async () => {
    const counts = await countIn(await learned(), batch(columnsOf(2000, 9, 2)));
    expect(driftOf(await learned(), counts, { warn: 0.1, block: 'off' })[0]).toMatchObject({ verdict: 'warn' });
    expect(driftOf(await learned(), counts, { warn: 50, block: 60 })[0]).toMatchObject({ verdict: 'none' });
  });
});

describe('what is usual', () => {
  const days = Array.from({ length: 40 * 300 }, (_, row) => Math.floor(row / 300));
  const random = new Random(4);
  const spread = days.map(() => random.normal());
  const columns = { day: numbers(days), date: numbers(days), x: numbers(spread) };

  test('of a batch of one day is its one date, and so no drift; a feature that moves within the day is one', async () => {
    const profile = await profileOf(batch(columns), [number('date'), number('x')], 1);
    const usual = await usualOf(profile, batch(columns), { day: 'day', days: 1 });
    expect(usual['date']).toBeGreaterThan(1);
    const tonight = { date: numbers(Array.from({ length: 300 }, () => 39)), x: numbers(Array.from({ length: 300 }, () => random.normal() + 2)) };
    const found = driftOf(profile, await countIn(profile, batch(tonight)), { ...limits, usual });
    expect(found.map(({ feature, verdict }) => [feature, verdict])).toEqual([['date', 'none'], ['x', 'block']]);
    expect(driftOf(profile, await countIn(profile, batch(tonight)), limits)[0]?.verdict).toBe('block');
  });

  test('is told by so many rows where they have no days', async () => {
    const profile = await profileOf(batch(columns), [number('x')], 1);
    expect((await usualOf(profile, batch(columns), { rows: 300 }))['x']).toBeLessThan(0.1);
  });
});
