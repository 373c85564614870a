import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect, test } from '@jest/globals';
import { placesOf } from '../../src/pipeline/places.ts';
import { databaseFile, missingDatabases, sourcesOf } from '../../src/pipeline/sources.ts';
import { parseConfig } from '../../src/shared/config/load.ts';
import { errorOf, withFolder } from '../contract/warehouses.ts';

const CONFIG = `
name: shop
state: {env: SHOP_STATE}
sources: {sales: {database: data/shop, types: {day: date}}}
key: id
time: day
label: {column: sold, matures_after: 1d}
features: {number: [price]}
`;

function put(root: string): void {
  mkdirSync(join(root, 'data'), { recursive: true });
  writeFileSync(join(root, 'data/shop.db'), '');
}

test('a database in a state of its own comes before one in the project, and that before none', async () => {
  await withFolder(async (folder) => {
    const [project, state] = [join(folder, 'project'), join(folder, 'state')];
    process.env['SHOP_STATE'] = state;
    const config = parseConfig(CONFIG, 'pipeline.yaml');
    const places = placesOf(project, config);
    expect(databaseFile('data/shop', config, places)).toBe(join(state, 'data/shop.db'));
    put(project);
    expect(databaseFile('data/shop', config, places)).toBe(join(project, 'data/shop.db'));
    put(state);
    expect(databaseFile('data/shop', config, places)).toBe(join(state, 'data/shop.db'));
    expect(databaseFile(join(project, 'data/shop.db'), config, places)).toBe(join(project, 'data/shop.db'));
  });
});

/** The sources of a project whose data folder holds some files. */
function found(folder: string, sources: string, files: readonly string[] = []) {
  mkdirSync(join(folder, 'data'), { recursive: true });
  for (const file of files) writeFileSync(join(folder, 'data', file), '');
  const config = parseConfig(CONFIG.replace(/sources: .*/, `sources: ${sources}`).replace(/state: .*\n/, ''), 'pipeline.yaml');
  return sourcesOf(config, placesOf(folder, config));
}

/** The names of a source's files, below the data folder. */
function filesIn(folder: string, sources: string, files: readonly string[]): readonly string[] {
  const location = found(folder, sources, files)[0]?.location;
  if (location === undefined || location.kind === 'database') throw new Error('no files');
  return location.files.map((file) => relative(join(folder, 'data'), file));
}

test('files are found by pattern, sorted bytewise, and nothing else is', async () => {
  await withFolder(async (folder) => {
    const files = ['a-10.csv', 'a-2.csv', 'a-B.csv', 'A-1.csv', 'a-1.csv.bak', 'b-1.csv', '.a-3.csv', 'aX1Xcsv'];
    mkdirSync(join(folder, 'data/a-folder.csv'), { recursive: true });
    expect(filesIn(folder, '{sales: {csv: "data/a-*.csv"}}', files)).toEqual(['a-10.csv', 'a-2.csv', 'a-B.csv']);
    expect(filesIn(folder, '{sales: {csv: "data/*.csv"}}', files)).toEqual(['A-1.csv', 'a-10.csv', 'a-2.csv', 'a-B.csv', 'b-1.csv']);
    expect(filesIn(folder, '{sales: {parquet: "data/*1*"}}', files)).toEqual(['A-1.csv', 'a-1.csv.bak', 'a-10.csv', 'aX1Xcsv', 'b-1.csv']);
  });
});

test('signs that mean something elsewhere mean themselves in a pattern', async () => {
  await withFolder(async (folder) => {
    expect(filesIn(folder, '{sales: {csv: "data/s (1) [x]+.csv"}}', ['s (1) [x]+.csv', 's (1) x.csv'])).toEqual(['s (1) [x]+.csv']);
  });
});

test('a pattern that matches nothing stops the night as a source that is missing', async () => {
  await withFolder(async (folder) => {
    const error = await errorOf(async () => found(folder, '{sales: {csv: "data/sales-*.csv"}}', ['sale-1.csv']));
    expect(error).toMatchObject({ code: 'source-missing', exitCode: 6 });
    expect(error.details).toMatchObject({ what: 'Source sales has no files', where: join(folder, 'data/sales-*.csv'), found: 'no file of that pattern' });
    expect((await errorOf(async () => found(folder, '{sales: {csv: data/sales.csv}}'))).details.found).toBe('no such file');
    expect((await errorOf(async () => found(folder, '{sales: {csv: lost/sales.csv}}'))).details.found).toBe('no such folder');
  });
});

test('a table has the name of its source unless it is said, and a file its own ending', async () => {
  await withFolder(async (folder) => {
    const [sales, shops] = found(folder, '{sales: {database: data/shop}, shops: {database: data/shop.sqlite3, table: t_shops}}');
    expect(sales?.location).toEqual({ kind: 'database', file: join(folder, 'data/shop.db'), table: 'sales' });
    expect(shops?.location).toEqual({ kind: 'database', file: join(folder, 'data/shop.sqlite3'), table: 't_shops' });
  });
});

test('a place may come from the environment, which only its name tells', async () => {
  await withFolder(async (folder) => {
    process.env['SHOP_FILES'] = 'data/x-*.csv';
    expect(filesIn(folder, '{sales: {csv: {env: SHOP_FILES}}}', ['x-1.csv'])).toEqual(['x-1.csv']);
    delete process.env['SHOP_FILES'];
    const error = await errorOf(async () => found(folder, '{sales: {csv: {env: SHOP_FILES}}}'));
    expect(error).toMatchObject({ code: 'environment-missing', exitCode: 2 });
    expect(error.details.what).toBe('sources.sales.csv comes from the environment variable SHOP_FILES, which is not set');
  });
});

test('databases that are not there are listed once, for a sample to make', async () => {
  await withFolder(async (folder) => {
    const config = parseConfig(CONFIG.replace(/sources: .*/, 'sources: {a: {database: data/shop}, b: {database: data/shop}, c: {database: data/other}}').replace(/state: .*\n/, ''), 'pipeline.yaml');
    put(folder);
    expect(missingDatabases(config, placesOf(folder, config))).toEqual([join(folder, 'data/other.db')]);
  });
});
