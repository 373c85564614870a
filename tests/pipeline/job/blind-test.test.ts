import { describe, expect, test } from '@jest/globals';
import { blindTest } from '../../../src/pipeline/job/blind-test.ts';
import { outcomesOf } from '../../../src/pipeline/job/blind-source.ts';
import { makeRelations } from '../../../src/pipeline/job/make-relations.ts';
import { dayOf } from '../../../src/shared/days.ts';
import { KINDS, errorOf } from '../../contract/warehouses.ts';
import { type SmallOptions, type SmallStep, withSmallStep } from '../small.ts';

/** Extracts, then tests blindly. */
async function blind({ step }: SmallStep, day?: number): Promise<number> {
  await makeRelations(step);
  return blindTest(step, day);
}

const foundBy = (options: SmallOptions) => withSmallStep(options, (small) => errorOf(blind(small)));

describe.each(KINDS)('a blind test in %s', (kind) => {
  test('finds nothing in features that use what was known, on any day', async () => {
    await withSmallStep({ kind }, async (small) => {
      for (const date of ['2024-01-02', '2024-01-05', '2024-01-09', '2024-01-10']) expect(await blind(small, dayOf(date))).toBe(3);
    });
  });

  test('leaves the night’s relations as they were, and nothing of its own', async () => {
    await withSmallStep({ kind }, async (small) => {
      await blind(small);
      const warehouse = await small.step.warehouse();
      expect(await warehouse.tables()).toEqual(['features']);
      expect(await warehouse.rows('SELECT count(*) AS n FROM visits WHERE visits IS NOT NULL')).toEqual([{ n: 30 }]);
    });
  });

  test('names a feature that sees an outcome, and the outcome', async () => {
    const error = await foundBy({ kind, features: (sql) => sql.replace('b.visits AS', 'b.visits + v.visits AS') });
    expect(error.details).toMatchObject({ code: 'feature-peeks', what: 'A feature has seen what nobody knew yet', found: 'visits_before changed in 3 rows (visits_before sees visits.visits)' });
  });

  test('names a feature that sees an outcome too early, by a day', async () => {
    const error = await foundBy({ kind, features: (sql) => sql.replace('- 2 -', '- 1 -') });
    expect(error.details.found).toContain('visits_before sees visits.visits');
  });

  test('names a feature that counts rows which were not there yet', async () => {
    const error = await foundBy({ kind, features: (sql) => sql.replace(' AND o.ordered_on_day < v.on_day_day - {{ lead_days }}', '') });
    expect(error.details.found).toMatch(/^orders_before changed in 3 rows \(orders_before sees rows of orders\)$/);
  });

  test('names what the choice of rows sees: rows that come to be, and rows that go', async () => {
    const gone = await foundBy({ kind, features: (sql) => sql.replace('WHERE v.on', 'WHERE v.visits > 0 AND v.on') });
    expect(gone.details).toMatchObject({ what: 'Which rows there are depends on what nobody knew yet', found: '0 of 3 rows are the same ones (the choice of rows sees visits.visits)' });
    const more = await foundBy({ kind, features: (sql) => sql.replace('WHERE v.on', "WHERE (v.visits IS NULL OR v.shop = 's1') AND v.on") });
    expect(more.details.found).toBe('1 of 3 rows are the same ones (the choice of rows sees visits.visits)');
  });

  test('names a slice that peeks, as it does a feature', async () => {
    const error = await foundBy({ kind, set: ['slices=[size]'], features: (sql) => sql.replace('SELECT v.shop', "SELECT CASE WHEN v.visits > 5 THEN 'large' ELSE 'small' END AS size, v.shop") });
    expect(error.details.found).toContain('size sees visits.visits');
  });

  test('holds features to a cutoff that lies the lead before the row', async () => {
    const lead = ['lead=1d', 'split.fresh_days=2'];
    await withSmallStep({ kind, set: lead }, async (small) => expect(await blind(small)).toBe(3));
    const error = await foundBy({ kind, set: lead, features: (sql) => sql.replaceAll(' - {{ lead_days }}', '') });
    expect(error.details.found).toContain('visits_before sees visits.visits');
  });

  test('looks at all rows as of the as-of date where rows have no time', async () => {
    const set = ['entity=null', 'time=null', 'key=[shop, on_day]', 'split.by=hash'];
    await withSmallStep({ kind, set }, async (small) => {
      expect(await blind(small)).toBe(27);
      expect(small.log.at(-1)?.event).toBe('blind test of 2024-01-10');
    });
    const error = await foundBy({ kind, set, features: (sql) => sql.replace('b.visits AS', 'v.visits AS') });
    expect(error.details.found).toContain('visits_before changed in 6 rows');
  });
});

test('the day is one that has rows, the same for the same night, another one for other nights', async () => {
  const days = new Set<string>();
  for (const seed of [1, 1, 2, 3, 4, 5, 6]) {
    await withSmallStep({ kind: 'sqlite', set: [`seed=${seed}`], features: (sql) => `${sql} AND v.on_day_day % 2 = 0` }, async (small) => {
      expect(await blind(small)).toBe(3);
      days.add(`${seed} ${small.log.at(-1)?.event}`);
    });
  }
  expect(days.size).toBe(6);
  expect(new Set([...days].map((day) => day.slice(2))).size).toBeGreaterThan(1);
  for (const day of days) expect(['02', '04', '06', '08'].map((number) => `blind test of 2024-01-0${Number(number)}`)).toContain(day.slice(2));
});

test('without outcomes there is nothing to hide and nothing to log', async () => {
  await withSmallStep({ kind: 'sqlite', set: ['sources.visits.known_later=[]', 'sources.orders.known_from=null'] }, async (small) => {
    expect(outcomesOf(small.config)).toEqual([]);
    expect(await blindTest(small.step)).toBe(0);
    expect(small.log).toEqual([]);
  });
});

test('outcomes are columns known later and rows known only from a day on', async () => {
  await withSmallStep({ kind: 'sqlite' }, async ({ config }) => {
    expect(outcomesOf(config)).toEqual(['visits.visits', 'visits.told_on', 'rows of orders']);
  });
});
