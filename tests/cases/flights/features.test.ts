import { readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type RunContext, StepContext } from '../../../src/pipeline/context.ts';
import { blindTest } from '../../../src/pipeline/job/blind-test.ts';
import { readJsonFile } from '../../../src/shared/files.ts';
import { openWarehouse } from '../../../src/warehouse/open.ts';
import type { Row } from '../../../src/warehouse/warehouse.ts';
import { dropBatchJest, ROOT, runNightJson } from '../../support/job.ts';
import { edit, flightsProject } from './project.ts';

const AS_OF = '2001-06-10';
const PARQUET = join(dirname(createRequire(join(ROOT, 'package.json')).resolve('vega-datasets')), '../data/flights-3m.parquet').replaceAll("'", "''");

let project: string;

beforeAll(async () => {
  project = await flightsProject('features');
  dropBatchJest(project);
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

function extract(kind: string) {
  return runNightJson(['step', '01-extract', '--project', project, '--warehouse', kind, '--as-of', AS_OF]);
}

/** What the SQL of the steps computes by running sums, counted flight by flight from the file as it is shipped. */
const BY_HAND = `
WITH shipped AS (
  SELECT CAST("date" AS DATE) AS flown, origin, destination, delay > 15 OR delay < -900 AS late,
    CAST("date" AS DATE) + CASE WHEN epoch("date"::TIME) / 60 + 40 + distance / 8.0 >= 1440 THEN 2 ELSE 1 END AS known
  FROM read_parquet('${PARQUET}') WHERE origin IN ('SAT', 'BDL', 'ONT')
)
SELECT a.flight_id,
  (SELECT count(*) FROM shipped AS s WHERE s.origin = a.origin AND s.flown >= a.day - 1 AND s.flown < a.day AND s.known <= a.day) AS origin_flights_1,
  (SELECT count(*) FROM shipped AS s WHERE s.origin = a.origin AND s.flown >= a.day - 7 AND s.flown < a.day AND s.known <= a.day) AS origin_flights_7,
  (SELECT avg(late::INT) FROM shipped AS s WHERE s.origin = a.origin AND s.flown >= a.day - 7 AND s.flown < a.day AND s.known <= a.day) AS origin_late_7,
  (SELECT avg(late::INT) FROM shipped AS s WHERE s.origin = a.origin AND s.flown >= a.day - 28 AND s.flown < a.day AND s.known <= a.day) AS origin_late_28,
  (SELECT count(*) FROM shipped AS s WHERE s.destination = a.destination AND s.flown >= a.day - 28 AND s.flown < a.day AND s.known <= a.day) AS destination_flights_28,
  (SELECT avg(late::INT) FROM shipped AS s WHERE s.destination = a.destination AND s.flown >= a.day - 1 AND s.flown < a.day AND s.known <= a.day) AS destination_late_1,
  (SELECT count(*) FROM shipped AS s WHERE s.origin = a.origin AND s.destination = a.destination AND s.flown >= a.day - 28 AND s.flown < a.day AND s.known <= a.day) AS route_flights_28,
  (SELECT avg(late::INT) FROM shipped AS s WHERE s.origin = a.origin AND s.destination = a.destination AND s.flown >= a.day - 28 AND s.flown < a.day AND s.known <= a.day) AS route_late_28,
  (SELECT count(*) FROM shipped AS s WHERE s.origin = a.origin AND s.destination = a.destination AND s.flown IN (a.day - 7, a.day - 14, a.day - 21, a.day - 28)) AS weekday_flights_4,
  (SELECT count(*) FROM shipped AS s WHERE s.flown = a.day - 1 AND s.known <= a.day) AS network_flights_1,
  (SELECT avg(late::INT) FROM shipped AS s WHERE s.flown = a.day - 1 AND s.known <= a.day) AS network_late_1,
  CAST(dayofweek(a.day) AS VARCHAR) AS weekday
FROM asked AS a ORDER BY a.flight_id`;

describe.each(['sqlite', 'duckdb'] as const)('features in %s', (kind) => {
  test('equal those counted flight by flight from the shipped file', async () => {
    expect(await extract(kind)).toMatchObject({ status: 'done', exit_code: 0 });
    const asked = await sampled(kind);
    expect(asked.length).toBeGreaterThan(100);
    const byHand = await countByHand(asked);
    for (const [i, row] of byHand.entries()) {
      for (const [name, value] of Object.entries(row)) {
        const found = asked[i]?.[name];
        if (typeof value === 'number' && typeof found === 'number') expect({ name, found }).toEqual({ name, found: expect.closeTo(value, 12) });
        else expect({ name, found }).toEqual({ name, found: value });
      }
    }
  });

  test('of several days stay the same with every outcome hidden that was not known yet', async () => {
    const step = await contextOf(kind);
    try {
      await step.attach();
      const { trainFromDay, asOfDay } = step.run.windows;
      for (const day of [trainFromDay, trainFromDay + 20, asOfDay - 8, asOfDay - 1, asOfDay]) expect(await blindTest(step, day)).toBeGreaterThan(100);
    } finally {
      await step.release();
    }
  });
});

test.each([
  ['arrival_delay', 'r.day_delay'],
  ['known_on', 'r.day_known'],
  ['departed_at', 'r.day_clock'],
])('the outcome %s is found in whichever feature it hides', async (outcome, column) => {
  const before = new Map<string, string>();
  const change = (file: string, by: (text: string) => string) => edit(project, file, (text) => (before.set(file, text), by(text)));
  change('steps/01-extract/rows.sql', (text) => text.replace('  distance,', '  distance,\n  arrival_delay AS day_delay,\n  known_on_day - flight_date_day AS day_known,\n  CAST(substr(CAST(departed_at AS TEXT), 12, 2) AS INTEGER) AS day_clock,'));
  change('steps/01-extract/features.sql', (text) => text.replace(/CAST\(substr\(.*AS day_of_month/, `${column} AS day_of_month`));
  try {
    const report = await extract('sqlite');
    expect(report).toMatchObject({ exit_code: 1, error: { code: 'feature-peeks', found: expect.stringContaining(`day_of_month sees flights.${outcome}`) } });
  } finally {
    for (const [file, text] of before) edit(project, file, () => text);
  }
});

/** The features of some two hundred flights, with the columns that counting by hand starts from. */
async function sampled(kind: 'sqlite' | 'duckdb'): Promise<readonly Row[]> {
  const warehouse = await openWarehouse({ kind, file: join(project, kind === 'sqlite' ? 'data/warehouse.db' : 'data/warehouse.duckdb') });
  try {
    return await warehouse.rows('SELECT * FROM features WHERE flight_id % 37 = 7 ORDER BY flight_id');
  } finally {
    await warehouse.close();
  }
}

async function countByHand(asked: readonly Row[]): Promise<readonly Row[]> {
  const duckdb = await openWarehouse({ kind: 'duckdb', file: ':memory:' });
  try {
    const rows = asked.map((row) => `(${Number(row['flight_id'])}, DATE '${String(row['flight_date'])}', '${String(row['origin'])}', '${String(row['destination'])}')`);
    return await duckdb.rows(`WITH asked(flight_id, day, origin, destination) AS (VALUES ${rows.join(', ')}) SELECT * FROM (${BY_HAND})`);
  } finally {
    await duckdb.close();
  }
}

async function contextOf(kind: string): Promise<StepContext> {
  const work = join(project, 'data/work');
  const contexts = readdirSync(work).map((run) => readJsonFile(join(work, run, '01-extract.context.json')) as RunContext);
  const run = contexts.find(({ config }) => config.warehouse === kind);
  if (run === undefined) throw new Error(`no run in ${kind}`);
  return new StepContext(run, { log: () => undefined, progress: () => undefined });
}
