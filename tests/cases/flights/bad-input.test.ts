import { chmodSync, cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { dropBatchJest, type NightJson, runNightJson, temporaryFolder } from '../../support/job.ts';
import { edit, flightsProject } from './project.ts';

const PUBLISHED = '2001-06-10';
const TONIGHT = '2001-06-11';

type Told = Partial<Record<'code' | 'what' | 'where' | 'found' | 'expected' | 'fix', unknown>>;

/** What a person does to a project, and what the next night says of it. */
interface Case {
  readonly name: string;
  readonly spoil: (project: string) => void;
  readonly args?: readonly string[];
  readonly expected: { readonly exit_code: number; readonly error?: Told; readonly untrained?: Told };
}

const containing = (text: string): unknown => expect.stringContaining(text);

const CASES: readonly Case[] = [
  { name: 'a missing source', spoil: (project) => rmSync(join(project, 'data/flights.db')), args: ['--set', 'sources.flights.database=data/other.db'], expected: { exit_code: 6, error: { code: 'source-missing', where: containing('other.db') } } },
  { name: 'a corrupt source', spoil: (project) => writeFileSync(join(project, 'data/flights.db'), 'SQLite format 3\0 and then nothing of the kind'.repeat(200)), expected: { exit_code: 1, error: { code: 'source-corrupt' } } },
  { name: 'a table that is gone', spoil: (project) => sql(project, 'ALTER TABLE flights RENAME TO flight'), expected: { exit_code: 6, error: { code: 'source-missing', found: containing('closest is "flight"') } } },
  { name: 'a column that was renamed', spoil: (project) => sql(project, 'ALTER TABLE flights RENAME COLUMN distance TO distances'), expected: { exit_code: 1, error: { code: 'source-column-missing', found: containing('closest is "distances"') } } },
  { name: 'a column of another type', spoil: (project) => sql(project, "UPDATE flights SET distance = 'far' WHERE flight_id IN (SELECT flight_id FROM flights ORDER BY flight_id LIMIT 3)"), expected: { exit_code: 1, error: { code: 'source-type', found: containing('far') } } },
  { name: 'an as-of date before the data', spoil: nothing, args: ['--as-of', '1999-01-01'], expected: { exit_code: 2, error: { code: 'as-of-outside-data' } } },
  { name: 'an as-of date after the data', spoil: nothing, args: ['--as-of', '2001-09-01'], expected: { exit_code: 6, error: { code: 'source-late', found: containing('2001-06-30') } } },
  { name: 'an empty train batch', spoil: (project) => sql(project, "DELETE FROM flights WHERE flight_date < '2001-06-04'"), expected: { exit_code: 1, error: { code: 'batch-empty', what: containing('train') } } },
  { name: 'an empty test batch', spoil: (project) => sql(project, "DELETE FROM flights WHERE flight_date BETWEEN '2001-06-04' AND '2001-06-10'"), args: ['--set', 'sources.flights.max_age=30d'], expected: { exit_code: 1, error: { code: 'batch-empty', what: containing('test') } } },
  { name: 'an empty fresh batch', spoil: (project) => sql(project, "DELETE FROM flights WHERE flight_date >= '2001-06-11'"), expected: { exit_code: 1, error: { code: 'batch-empty', what: containing('fresh') } } },
  { name: 'too few rows', spoil: (project) => sql(project, 'DELETE FROM flights WHERE flight_id NOT IN (SELECT flight_id FROM flights LIMIT 500)'), expected: { exit_code: 6, error: { code: 'source-short', found: containing('500') } } },
  { name: 'SQL with a syntax error', spoil: (project) => edit(project, 'steps/01-extract/features.sql', (text) => text.replace('FROM {{ rows }} AS r', 'FORM {{ rows }} AS r')), expected: { exit_code: 1, error: { code: 'sql-invalid', where: containing('steps/01-extract/features.sql'), found: containing('syntax error') } } },
  { name: 'SQL that writes', spoil: (project) => writeFileSync(join(project, 'steps/01-extract/rows.sql'), 'DELETE FROM {{ flights }}'), expected: { exit_code: 1, error: { code: 'sql-writes', where: containing('rows.sql') } } },
  { name: 'SQL that uses an unknown name', spoil: (project) => edit(project, 'steps/01-extract/features.sql', (text) => text.replace('{{ rows }}', '{{ row }}')), expected: { exit_code: 2, error: { code: 'name-unknown', where: containing('features.sql:'), fix: containing('rows') } } },
  { name: 'a column of pipeline.yaml that no query gives', spoil: (project) => edit(project, 'pipeline.yaml', (text) => text.replace('number: [distance,', 'number: [distanse,')), expected: { exit_code: 2, error: { code: 'column-missing', where: containing('pipeline.yaml:'), fix: containing('distance') } } },
  { name: 'an unknown key of pipeline.yaml', spoil: (project) => edit(project, 'pipeline.yaml', (text) => text.replace('seed', 'sead').replace('task: binary', 'task: binary\nsedd: 2')), expected: { exit_code: 2, error: { code: 'config-invalid', where: containing('sedd: 2'), fix: containing('seed') } } },
  { name: 'an unknown metric in a gate', spoil: nothing, args: ['--set', 'gates=[{metric: acu, min: 0.5}]'], expected: { exit_code: 2, error: { code: 'config-invalid', fix: containing('auc') } } },
  { name: 'a clock smuggled into a feature', spoil: (project) => smuggleClock(project), expected: { exit_code: 1, error: { code: 'feature-peeks', found: containing('day_of_month sees flights.departed_at') } } },
  { name: 'a feature that has moved further than drift.block', spoil: (project) => edit(project, 'steps/01-extract/features.sql', (text) => text.replace('r.distance,', 'CASE WHEN r.flight_date_day >= {{ as_of_day }} THEN r.distance + 9000 ELSE r.distance END AS distance,')), args: ['--set', 'drift.block=2'], expected: { exit_code: 4, error: { code: 'drift-blocks', found: containing('distance') } } },
  { name: 'a failing test of the batch', spoil: (project) => writeFileSync(join(project, 'steps/06-test/nobody_late.sql'), '-- Nobody will be late.\nSELECT * FROM {{ staged }} WHERE score > 0\n'), expected: { exit_code: 4, error: { code: 'checks-failed', where: containing('nobody_late.sql'), found: containing('flight_id=') } } },
];

/** What keeps a model from being trained. */
const UNTRAINED: readonly Case[] = [
  { name: 'a label of one class', spoil: (project) => sql(project, 'UPDATE flights SET arrival_delay = 0'), expected: { exit_code: 3, untrained: { code: 'label-single-class' } } },
  { name: 'an infinite feature', spoil: (project) => edit(project, 'steps/01-extract/features.sql', (text) => text.replace('r.distance,', 'CASE WHEN r.distance > 900 THEN 9e999 ELSE r.distance END AS distance,')), expected: { exit_code: 3, untrained: { code: 'feature-not-finite', where: containing('distance') } } },
  { name: 'a step that is killed', spoil: (project) => edit(project, 'steps/03-train.ts', (text) => text.replace('async run(step) {', "async run(step) {\n    process.kill(process.pid, 'SIGKILL');")), expected: { exit_code: 3, untrained: { code: 'step-died', found: containing('SIGKILL') } } },
];

let clean: string;

beforeAll(async () => {
  clean = await flightsProject('bad input');
  dropBatchJest(clean);
  expect(await night(clean, ['--as-of', PUBLISHED])).toMatchObject({ status: 'done', exit_code: 0 });
});

afterAll(() => rmSync(clean, { recursive: true, force: true }));

function night(project: string, args: readonly string[]): Promise<NightJson & { readonly code: number | null; readonly stderr: string }> {
  return runNightJson(['--project', project, '--set', 'model={family: linear, backend: wasm, options: {epochs: 5}}', '--publish', ...(args.includes('--as-of') ? [] : ['--as-of', TONIGHT]), ...args]);
}

function nothing(): void {
  // The arguments alone are what is wrong.
}

function sql(project: string, statement: string): void {
  const database = new Database(join(project, 'data/flights.db'));
  database.exec(statement);
  database.close();
}

/** A column with the clock's hour in the place of a calendar feature. */
function smuggleClock(project: string): void {
  edit(project, 'steps/01-extract/rows.sql', (text) => text.replace('  distance,', '  distance,\n  departed_at,'));
  edit(project, 'steps/01-extract/features.sql', (text) => text.replace(/CAST\(substr\(.*AS day_of_month/, 'CAST(substr(CAST(r.departed_at AS TEXT), 12, 2) AS INTEGER) AS day_of_month'));
}

/** Everything of the published night that others see. */
function published(project: string): object {
  const database = new Database(join(project, 'data/warehouse.db'), { readonly: true });
  try {
    return { file: readFileSync(join(project, `data/scores/${PUBLISHED}.csv`), 'utf8'), rows: database.prepare('SELECT * FROM scores ORDER BY as_of, flight_id').all(), nights: database.prepare('SELECT * FROM published').all() };
  } finally {
    database.close();
  }
}

test.each(CASES)('$name is named, and the last published night stays', async ({ spoil, args = [], expected }) => {
  const project = join(temporaryFolder('spoiled'), 'project');
  cpSync(clean, project, { recursive: true });
  try {
    const before = published(project);
    spoil(project);
    const report = await night(project, args);
    expect({ ...report, code: report.code }).toMatchObject({ ...expected, code: expected.exit_code, scores: null });
    expect(published(project)).toEqual(before);
    expect(existsSync(join(project, `data/scores/${TONIGHT}.csv`))).toBe(false);
  } finally {
    rmSync(join(project, '..'), { recursive: true, force: true });
  }
});

test.each(UNTRAINED)('$name is named, and the champion scores the night', async ({ spoil, args = [], expected }) => {
  const project = join(temporaryFolder('untrained'), 'project');
  cpSync(clean, project, { recursive: true });
  try {
    spoil(project);
    const report = await night(project, args);
    expect({ ...report, code: report.code }).toMatchObject({ ...expected, status: 'refused', code: 3 });
    expect(report.model?.run).toMatch(PUBLISHED);
    expect(readFileSync(join(project, `data/scores/${TONIGHT}.csv`), 'utf8')).toContain(report.run_id);
  } finally {
    rmSync(join(project, '..'), { recursive: true, force: true });
  }
});

test('a category never seen is lived with; a feature that has become constant or always missing keeps the champion, and both are said', async () => {
  const project = join(temporaryFolder('odd'), 'project');
  cpSync(clean, project, { recursive: true });
  try {
    edit(project, 'steps/01-extract/features.sql', (text) => text.replace('r.distance,', '7 AS distance,').replace('b.latitude - a.latitude AS', 'NULL AS'));
    sql(project, `UPDATE flights SET destination = 'ZZZ' WHERE flight_date = '${TONIGHT}'`);
    const report = await night(project, []);
    expect(report).toMatchObject({ status: 'refused', exit_code: 3 });
    expect(report.stderr).toMatch(/latitude_change.*one value in all training rows|distance, latitude_change have one value/);
    const log = readFileSync(join(project, 'logs/03-train.csv'), 'utf8');
    expect(log).toMatch(/distance.*constant/i);
    expect(log).toMatch(/latitude_change.*missing/i);
  } finally {
    rmSync(join(project, '..'), { recursive: true, force: true });
  }
});

// Whoever may do anything, as root may, can write to a read-only folder too.
const asRoot = process.getuid?.() === 0;
test('a folder that cannot be written is named', async () => {
  const project = join(temporaryFolder('read-only'), 'project');
  cpSync(clean, project, { recursive: true });
  try {
    // A file where the folder of logs should be stops everybody; permissions stop all but root.
    if (asRoot) {
      rmSync(join(project, 'logs'), { recursive: true });
      writeFileSync(join(project, 'logs'), '');
    } else chmodSync(join(project, 'logs'), 0o555);
    const before = published(project);
    const report = await night(project, []);
    expect(report).toMatchObject({ exit_code: 1, error: { code: asRoot ? 'file-failed' : 'not-writable', where: containing('logs') } });
    expect(published(project)).toEqual(before);
  } finally {
    if (!asRoot) chmodSync(join(project, 'logs'), 0o755);
    rmSync(join(project, '..'), { recursive: true, force: true });
  }
});
