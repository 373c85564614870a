import { describe, expect, test } from '@jest/globals';
import { exampleText } from '../../../src/pipeline/replay/findings.ts';
import type { Part } from '../../../src/pipeline/replay/parts.ts';
import { KINDS } from '../../contract/warehouses.ts';
import { replayOutcome } from '../../../src/pipeline/job/replay-test.ts';
import { examplesOf, found, withNights } from './made-nights.ts';

const upTo = (day: string) => (lines: readonly string[]): readonly string[] => lines.filter((line) => line.split(',').find((cell) => cell.startsWith('2024'))! <= day);
const fresh = ({ batch, asOf }: Part): boolean => batch === 'fresh' && asOf === '2024-01-08';
const ALL_TIME = (sql: string): string => sql.replace(' AND o.ordered_on_day < v.on_day_day - {{ lead_days }}', '').replace('{{ orders }} AS o WHERE o.shop', '{{ visits }} AS o WHERE o.shop');

describe.each(KINDS)('a replay in %s', (kind) => {
  test('finds every value of every batch equal where nothing has changed, and leaves nothing behind', async () => {
    await withNights({ kind }, async (nights) => {
      await nights.keep('2024-01-08');
      await nights.keep('2024-01-10');
      const result = await nights.replay();
      expect(found(result)).toEqual([]);
      expect([result.rows, result.runs]).toEqual([(3 + 6 + 12) * 2, ['2024-01-08-small', '2024-01-10-small']]);
      expect(result.features.map(({ feature, rows }) => [feature, rows])).toEqual([['the row', 42], ['visits_before', 42], ['orders_before', 42]]);
      expect(nights.workingFiles()).toEqual([]);
    });
  });

  test('finds a feature that sees an outcome, though it comes out as it was kept', async () => {
    await withNights({ kind, features: (sql) => sql.replace('b.visits AS', 'v.visits AS') }, async (nights) => {
      await nights.keep('2024-01-08');
      const result = await nights.replay({ only: fresh });
      expect(found(result)).toEqual(['visits_before peeks 3']);
      expect(examplesOf(result)[0]).toMatchObject({ key: { shop: 's1', on_day: '2024-01-08' }, kept: 8, now: 8, known: null });
    });
  });

  test('finds a leak that nothing declares, by what has come since: an aggregate over all time', async () => {
    await withNights({ kind, features: ALL_TIME }, async (nights) => {
      const whole: string[] = [];
      nights.change('visits', (lines) => (whole.push(...lines), upTo('2024-01-08')(lines)));
      await nights.keep('2024-01-08');
      expect(found(await nights.replay())).toEqual([]);
      nights.change('visits', () => whole);
      const result = await nights.replay();
      expect(found(result)).toEqual(['orders_before peeks 21']);
      expect(examplesOf(result)[0]).toMatchObject({ kept: 8, now: 10, known: 8 });
    });
  });

  test('finds by what is declared now what a night was not told', async () => {
    await withNights({ kind, features: ALL_TIME }, async (nights) => {
      await nights.keep('2024-01-08');
      expect(found(await nights.replay())).toEqual([]);
      expect(found(await nights.replay({ set: ['sources.visits.known_from=on_day'] }))).toEqual(['orders_before peeks 21']);
    });
  });

  test('names the value that was rewritten, and no other', async () => {
    await withNights({ kind }, async (nights) => {
      await nights.keep('2024-01-08');
      nights.change('visits', (lines) => lines.map((line) => line.replace('s2,s2@example.org,2024-01-06,12,', 's2,s2@example.org,2024-01-06,99,')));
      const result = await nights.replay({ only: fresh });
      expect(found(result)).toEqual(['visits_before rewritten 1']);
      const [example] = examplesOf(result);
      const says = 'visits_before of shop=s2, on_day=2024-01-08 in fresh of 2024-01-08-small: 12 then, 99 now';
      expect(exampleText('visits_before', example!)).toBe(says);
      expect(replayOutcome(result)).toMatchObject({ outcome: 'failed', test: { severity: 'warn' }, message: `rewritten in 1 of 3 rows: ${says}` });
    });
  });

  test('takes a row that came after the night, dated before it, for a rewritten past', async () => {
    await withNights({ kind }, async (nights) => {
      await nights.keep('2024-01-08');
      nights.change('orders', (lines) => [...lines, 's3,2024-01-07']);
      expect(found(await nights.replay({ only: fresh }))).toEqual(['orders_before rewritten 1']);
    });
  });

  test('finds rows that are gone, and does not compare them', async () => {
    await withNights({ kind }, async (nights) => {
      await nights.keep('2024-01-08');
      nights.change('visits', (lines) => lines.filter((line) => !line.startsWith('s1,s1@example.org,2024-01-08')));
      const result = await nights.replay({ only: fresh });
      expect(found(result)).toEqual(['the row gone 1']);
      expect(result.features.map(({ rows }) => rows)).toEqual([3, 2, 2]);
    });
  });

  test('finds rows that are there only because of an outcome', async () => {
    await withNights({ kind, features: (sql) => sql.replace('WHERE v.on', 'WHERE v.visits > 8 AND v.on') }, async (nights) => {
      await nights.keep('2024-01-08');
      expect(found(await nights.replay({ only: fresh }))).toEqual(['the row peeks 2']);
    });
  });

  test('says which run learned from another value than the one that was scored', async () => {
    await withNights({ kind }, async (nights) => {
      await nights.keep('2024-01-08');
      nights.change('visits', (lines) => lines.map((line) => line.replace('2024-01-06,6,', '2024-01-06,60,')));
      await nights.keep('2024-01-10');
      const result = await nights.replay();
      expect(found(result)).toEqual(['visits_before trained-otherwise 1']);
      expect(replayOutcome(result)).toMatchObject({ outcome: 'failed', test: { severity: 'error' } });
      expect(examplesOf(result)).toMatchObject([{ run: '2024-01-08-small', batch: 'fresh', kept: 6, now: 60, trained: { run: '2024-01-10-small', value: 60 } }]);
    });
  });

  test('finds a feature of the as-of date, which is another where a row is scored than where it is learned from', async () => {
    await withNights({ kind, features: (sql) => sql.replace('b.visits AS', '{{ as_of_day }} - v.on_day_day AS') }, async (nights) => {
      await nights.keep('2024-01-08');
      await nights.keep('2024-01-10');
      expect(found(await nights.replay())).toEqual(['visits_before trained-otherwise 3']);
    });
  });

  test('shows no sensitive value, also under another name', async () => {
    const set = ['sensitive=[mail]', 'features={number: [visits_before], category: [contact]}'];
    await withNights({ kind, set, features: (sql) => sql.replace('v.mail,', 'v.mail, v.mail AS contact,') }, async (nights) => {
      await nights.keep('2024-01-08');
      nights.change('visits', (lines) => lines.map((line) => line.replace('s1@example.org,2024-01-08', 's9@example.org,2024-01-08')));
      const [example] = examplesOf(await nights.replay({ only: fresh }));
      expect(example).toMatchObject({ verdict: 'rewritten', now: expect.stringMatching(/^#[0-9a-f]{12}$/), kept: expect.stringMatching(/^#[0-9a-f]{12}$/) });
      expect(example?.now).not.toBe(example?.kept);
    });
  });
});

test('the seed draws the rows: the same ones each time and in each warehouse, others with another seed', async () => {
  const drawn = async (kind: (typeof KINDS)[number], seed: number): Promise<readonly unknown[]> =>
    withNights({ kind, set: [`seed=${seed}`] }, async (nights) => {
      await nights.keep('2024-01-10');
      nights.change('visits', () => []);
      return examplesOf(await nights.replay({ rows: 3 })).map(({ key, batch }) => [key, batch]);
    });
  const first = await drawn('sqlite', 1);
  expect(first).toHaveLength(1);
  expect(await drawn('sqlite', 1)).toEqual(first);
  expect(await drawn('duckdb', 1)).toEqual(first);
  expect(new Set((await Promise.all([2, 3, 4, 5].map((seed) => drawn('sqlite', seed)))).map((one) => JSON.stringify(one))).size).toBeGreaterThan(1);
});
