import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { checkSources } from '../../../src/pipeline/job/check-sources.ts';
import { makeRelations } from '../../../src/pipeline/job/make-relations.ts';
import { KINDS, errorOf } from '../../contract/warehouses.ts';
import { type SmallOptions, put, withSmallStep } from '../small.ts';

const refused = (options: SmallOptions) => withSmallStep(options, ({ step }) => errorOf(checkSources(step)));

describe.each(KINDS)('the sources in %s', (kind) => {
  test('that are there, fresh and long enough pass, each with its rows', async () => {
    await withSmallStep({ kind, set: ['sources.visits.max_age=1d', 'sources.visits.min_rows=30'] }, async ({ step, log }) => {
      await checkSources(step);
      expect(log.map(({ event, rows }) => `${event}: ${rows}`)).toEqual(['source visits: 30', 'source orders: 9']);
    });
  });

  test('that are too short stop the night', async () => {
    const error = await refused({ kind, set: ['sources.orders.min_rows=10'] });
    expect(error).toMatchObject({ code: 'source-short', exitCode: 6 });
    expect(error.details).toMatchObject({ where: 'sources.orders.min_rows', found: '9 rows', expected: 'at least 10' });
  });

  test('that are late stop the night, whatever lies after the as-of date', async () => {
    const late = await refused({ kind, set: ['sources.visits.max_age=2d'], asOf: '2024-01-13' });
    expect(late).toMatchObject({ code: 'source-late', exitCode: 6 });
    expect(late.details.found).toBe('its newest row before 2024-01-13 is of 2024-01-10, 3 days earlier');
  });

  test('whose rows all lie after the as-of date are outside the data', async () => {
    const error = await refused({ kind, asOf: '2024-01-01' });
    expect(error).toMatchObject({ code: 'as-of-outside-data', exitCode: 2 });
    expect(error.details.found).toBe('rows from 2024-01-01 on');
  });

  test('that have another type than declared stop the night, with the place of the value', async () => {
    const error = await withSmallStep({ kind }, async ({ step, project }) => {
      writeFileSync(join(project, 'data/orders.csv'), 'shop,ordered_on\ns1,2024-01-02\ns1,yesterday\n');
      return errorOf(checkSources(step));
    });
    expect(error.details).toMatchObject({ code: 'source-type', column: 'ordered_on', found: '"yesterday"' });
    expect(error.details.where).toContain('orders.csv, line 3');
  });

  test('may be read by a later step, too, as the plan says', async () => {
    await withSmallStep({ kind }, async ({ step, project }) => {
      await makeRelations(step);
      await step.release();
      put(project, { 'steps/01-extract/features.sql': 'SELECT count(*) AS n FROM {{ orders }}' });
      expect((await makeRelations(step)).get('features')).toBe(1);
      expect(await (await step.warehouse()).rows('SELECT n FROM features')).toEqual([{ n: 9 }]);
    });
  });
});
