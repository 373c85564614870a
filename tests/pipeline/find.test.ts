import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { findScripts, findSteps, scriptHashes } from '../../src/pipeline/find.ts';
import { errorOf, withFolder } from '../contract/warehouses.ts';

function put(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

const scriptsIn = (folder: string, dialect = 'sqlite') => findScripts(folder, 'steps/01-extract', dialect);

test('steps are found by their names, in order, with the SQL of their folders', async () => {
  await withFolder(async (folder) => {
    put(folder, { 'steps/10-publish.ts': '', 'steps/02-split.ts': '', 'steps/01-extract.ts': '', 'steps/sample.ts': '', 'steps/notes.md': '', 'steps/02-split/train.sql': 'SELECT 1', 'steps/sample/x.sql': 'SELECT 1', 'steps/06-test.ts': '', 'steps/06-test/not one relation.sql': 'SELECT 1' });
    const steps = findSteps(folder, 'sqlite');
    expect(steps.map(({ name }) => name)).toEqual(['01-extract', '02-split', '06-test', '10-publish']);
    expect(steps.map(({ scripts }) => scripts.map(({ file }) => file))).toEqual([[], ['steps/02-split/train.sql'], [], []]);
  });
});

test('a folder of SQL without a script of its name is an error, and so is a project without steps', async () => {
  await withFolder(async (folder) => {
    expect(await errorOf(async () => findSteps(folder, 'sqlite'))).toMatchObject({ code: 'step-missing', exitCode: 2 });
    put(folder, { 'steps/01-extract.ts': '', 'steps/02-split/train.sql': 'SELECT 1' });
    const error = await errorOf(async () => findSteps(folder, 'sqlite'));
    expect(error.details.what).toBe('steps/02-split/ has no script of its name');
  });
});

test('scripts come in an order in which each finds what it reads, whatever they are called', async () => {
  await withFolder(async (folder) => {
    put(folder, { 'a.sql': 'SELECT * FROM {{ z }}', 'm.sql': 'SELECT 1 AS n', 'z.sql': 'SELECT * FROM {{ m }} JOIN {{ source }}', 'b.sql': 'SELECT * FROM {{ a }} JOIN {{ m }}' });
    expect(scriptsIn(folder).map(({ name }) => name)).toEqual(['m', 'z', 'a', 'b']);
    expect(scriptsIn(folder)[1]?.uses).toEqual(['m', 'source']);
  });
});

test('scripts that need each other in a circle are told as the circle', async () => {
  await withFolder(async (folder) => {
    put(folder, { 'a.sql': 'SELECT * FROM {{ b }}', 'b.sql': 'SELECT * FROM {{ c }}', 'c.sql': 'SELECT * FROM {{ a }}' });
    expect((await errorOf(async () => scriptsIn(folder))).details).toMatchObject({ code: 'script-circle', found: 'a → b → c → a' });
    put(folder, { 'a.sql': 'SELECT * FROM {{ a }}' });
    expect((await errorOf(async () => scriptsIn(folder))).details.found).toBe('a → a');
  });
});

test('a file for one dialect stands in for the script there, and nowhere else', async () => {
  await withFolder(async (folder) => {
    put(folder, { 'history.sql': 'SELECT 1', 'history.duckdb.sql': 'SELECT 2' });
    expect(scriptsIn(folder).map(({ name, file }) => `${name} ${file}`)).toEqual(['history steps/01-extract/history.sql']);
    expect(scriptsIn(folder, 'duckdb').map(({ name, file, text }) => `${name} ${file} ${text}`)).toEqual(['history steps/01-extract/history.duckdb.sql SELECT 2']);
  });
});

test.each(['my-rows.sql', '1.sql', 'history.duckdb.sql', 'a.b.c.sql'])('a SQL file that is not named after a relation is an error: %s', async (file) => {
  await withFolder(async (folder) => {
    put(folder, { [file]: 'SELECT 1' });
    expect((await errorOf(async () => scriptsIn(folder))).details).toMatchObject({ code: 'script-name', where: `steps/01-extract/${file}` });
  });
});

test('what a script says of itself is the first sentence of its first comment', async () => {
  await withFolder(async (folder) => {
    put(folder, { 'a.sql': '-- Rows of the\n-- night. And more.\nSELECT 1 -- not this\n', 'b.sql': 'SELECT 1', 'c.sql': '-- severity: warn\r\n-- Every one.\r\nSELECT 1\r\n' });
    expect(scriptsIn(folder).map(({ about }) => about)).toEqual(['Rows of the night.', '', 'Every one.']);
  });
});

test('a byte-order mark at the top of a script is no part of it', async () => {
  await withFolder(async (folder) => {
    put(folder, { 'a.sql': '\uFEFF-- One row.\nSELECT 1 AS n' });
    expect(scriptsIn(folder)[0]).toMatchObject({ text: '-- One row.\nSELECT 1 AS n', about: 'One row.' });
  });
});

test('hashes of the scripts change with their text alone', async () => {
  await withFolder(async (folder) => {
    put(folder, { 'steps/01-extract.ts': '', 'steps/01-extract/a.sql': 'SELECT 1' });
    const before = scriptHashes(findSteps(folder, 'sqlite'));
    put(folder, { 'steps/01-extract.ts': 'changed' });
    expect(scriptHashes(findSteps(folder, 'sqlite'))).toEqual(before);
    put(folder, { 'steps/01-extract/a.sql': 'SELECT 2' });
    expect(Object.keys(before)).toEqual(['steps/01-extract/a.sql']);
    expect(scriptHashes(findSteps(folder, 'sqlite'))).not.toEqual(before);
  });
});
