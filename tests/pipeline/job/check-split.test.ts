import { describe, expect, test } from '@jest/globals';
import { checkSplit } from '../../../src/pipeline/job/check-split.ts';
import { makeRelations } from '../../../src/pipeline/job/make-relations.ts';
import type { NightshiftError } from '../../../src/shared/errors.ts';
import { KINDS, errorOf } from '../../contract/warehouses.ts';
import { type SmallOptions, type SmallStep, withSmallStep } from '../small.ts';

/** What makes the batches of the small job as they ought to be. */
const TIME = {
  train: "SELECT * FROM features WHERE on_day < '2024-01-08' AND told_on <= '2024-01-08'",
  test: "SELECT * FROM features WHERE on_day >= '2024-01-08' AND on_day < '2024-01-10' AND told_on <= '2024-01-10'",
  fresh: "SELECT shop, on_day, on_day_day, visits_before, orders_before FROM features WHERE on_day = '2024-01-10'",
};
const HASH = {
  ...TIME,
  train: "SELECT * FROM features WHERE shop <> 's1' AND on_day < '2024-01-10' AND told_on <= '2024-01-10'",
  test: "SELECT * FROM features WHERE shop = 's1' AND on_day < '2024-01-10' AND told_on <= '2024-01-10'",
};
type Batches = typeof TIME;

async function check({ step }: SmallStep, batches: Batches): Promise<void> {
  await makeRelations(step);
  const warehouse = await step.warehouse();
  for (const [name, sql] of Object.entries(batches)) await warehouse.make(name, sql, name);
  await checkSplit(step);
}

/** The error of batches of which one is made otherwise. */
function errorWith(options: SmallOptions, change: Partial<Batches>, batches: Batches = TIME): Promise<NightshiftError> {
  return withSmallStep(options, (small) => errorOf(check(small, { ...batches, ...change })));
}

describe.each(KINDS)('the checks of a split in %s', (kind) => {
  test('pass where all is as it ought to be, and count rows and what is not mature', async () => {
    await withSmallStep({ kind }, async (small) => {
      await check(small, TIME);
      expect(small.log.filter(({ event }) => !event.includes('/')).map(({ event, rows, message }) => `${event}: ${rows}, ${message}`)).toEqual([
        'train: 15, 2024-01-02 to before 2024-01-08',
        'test: 3, 2024-01-08 to before 2024-01-10',
        'fresh: 3, 2024-01-10 to before 2024-01-11',
        'leak checks: undefined, none found',
        'train immature: 3, label not known in time, left out',
        'test immature: 3, label not known in time, left out',
      ]);
    });
  });

  test('what is excluded is not counted as immature', async () => {
    await withSmallStep({ kind, set: ['split.exclude=[{from: 2024-01-09, to: 2024-01-20}]'] }, async (small) => {
      await check(small, TIME);
      expect(small.log.at(-1)).toMatchObject({ event: 'test immature', rows: 0 });
    });
  });

  test('by hash both batches take all days, and labels known by the as-of date', async () => {
    await withSmallStep({ kind, set: ['split.by=hash'] }, async (small) => {
      await check(small, HASH);
      expect(small.log.filter(({ message }) => message?.includes('to before')).map(({ event, message }) => `${event}: ${message}`)).toEqual([
        'train: 2024-01-02 to before 2024-01-10',
        'test: 2024-01-02 to before 2024-01-10',
        'fresh: 2024-01-10 to before 2024-01-11',
      ]);
      const immature = small.log.filter(({ event }) => event.endsWith('immature')).map(({ rows }) => rows ?? 0);
      expect(immature.reduce((sum, rows) => sum + rows, 0)).toBe(3);
    });
  });

  test.each(['train', 'test', 'fresh'] as const)('an empty %s batch fails', async (batch) => {
    const error = await errorWith({ kind }, { [batch]: `${TIME[batch]} AND 1 = 0` });
    expect(error.details).toMatchObject({ code: 'batch-empty', what: `The ${batch} batch is empty` });
  });

  test('a row that trains and tests fails, and is named', async () => {
    const error = await errorWith({ kind }, { test: `${TIME.test} UNION ALL SELECT * FROM features WHERE on_day = '2024-01-03' AND shop = 's2'` });
    expect(error.details).toMatchObject({ code: 'split-leaks', what: 'A row stands twice', found: 'shop s2, on_day 2024-01-03: 2 times, in test and train' });
  });

  test('a row that stands twice in one batch fails, its name masked where it is sensitive', async () => {
    const error = await errorWith({ kind, set: ['sensitive=[shop]'] }, { train: `${TIME.train} UNION ALL ${TIME.train} AND shop = 's1' AND on_day = '2024-01-02'` });
    expect(error.details.found).toMatch(/^shop #[0-9a-f]{12}, on_day 2024-01-02: 2 times, in train$/);
  });

  test('an entity that trains and tests fails by hash, and not by time', async () => {
    const error = await errorWith({ kind, set: ['split.by=hash'] }, { train: "SELECT * FROM features WHERE on_day < '2024-01-08'" }, { ...HASH, test: TIME.test });
    expect(error.details).toMatchObject({ code: 'split-leaks', what: 'An entity trains and tests', found: 'shop s1' });
  });

  test('a training label that was not known before the first test cutoff fails', async () => {
    const error = await errorWith({ kind }, { train: "SELECT * FROM features WHERE on_day < '2024-01-08'" });
    expect(error.details).toMatchObject({ code: 'split-leaks', what: 'A train label was not known in time', found: '3 of 18 rows', expected: 'known by 2024-01-08, the first test cutoff' });
  });

  test('with a lead the first test cutoff lies before the first test day', async () => {
    const error = await errorWith({ kind, set: ['lead=1d'] }, {});
    expect(error.details).toMatchObject({ found: '3 of 15 rows', expected: 'known by 2024-01-07, the first test cutoff' });
  });

  test('a test label that was not known by the as-of date fails, by time and by hash', async () => {
    const early = { test: "SELECT * FROM features WHERE on_day >= '2024-01-08' AND on_day < '2024-01-10'" };
    expect((await errorWith({ kind }, early)).details).toMatchObject({ what: 'A test label was not known in time', found: '3 of 6 rows', expected: 'known by 2024-01-10, the as-of date' });
    const byHash = { train: "SELECT * FROM features WHERE shop <> 's1' AND on_day < '2024-01-10'" };
    expect((await errorWith({ kind, set: ['split.by=hash'] }, byHash, HASH)).details).toMatchObject({ what: 'A train label was not known in time', found: '2 of 16 rows', expected: 'known by 2024-01-10, the as-of date' });
  });

  test('a label that matures by age is held to its age', async () => {
    const set = ['label.known_at=null', 'label.matures_after=3d'];
    expect((await errorWith({ kind, set }, {})).details).toMatchObject({ what: 'A train label was not known in time', found: '3 of 15 rows' });
  });

  test('a row without a label fails, though its day has come', async () => {
    const error = await errorWith({ kind, features: (sql) => sql.replace('CASE WHEN v.visits > 10', "CASE WHEN v.shop = 's3' THEN NULL WHEN v.visits > 10") }, {});
    expect(error.details).toMatchObject({ code: 'label-missing', what: 'The train batch has rows whose label should be known and is missing', found: '5 of 15 rows' });
  });

  test.each(['busy', 'told_on', 'told_on_day'])('a fresh batch that carries %s fails', async (column) => {
    const error = await errorWith({ kind }, { fresh: `SELECT shop, on_day, on_day_day, ${column} FROM features WHERE on_day = '2024-01-10'` });
    expect(error.details).toMatchObject({ code: 'split-leaks', what: 'The fresh batch carries the label', found: column });
  });
});
