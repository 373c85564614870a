import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { fileError, makeFolder, readJsonFile, writeFileWhole } from '../../src/shared/files.ts';
import { errorOf, withFolder } from '../contract/warehouses.ts';

test('a file is written whole, with its folder, and nothing beside it is left', async () => {
  await withFolder(async (folder) => {
    const file = join(folder, 'a/b/c.txt');
    writeFileWhole(file, 'one');
    writeFileWhole(file, new TextEncoder().encode('two'));
    expect(readFileSync(file, 'utf8')).toBe('two');
    expect(readdirSync(join(folder, 'a/b'))).toEqual(['c.txt']);
  });
});

test('a mode that is asked for holds from the first byte', async () => {
  await withFolder(async (folder) => {
    writeFileWhole(join(folder, 'key'), 'secret', 0o600);
    if (process.platform !== 'win32') expect(statSync(join(folder, 'key')).mode & 0o777).toBe(0o600);
  });
});

test('a file that cannot take its place leaves what was there and nothing of itself', async () => {
  await withFolder(async (folder) => {
    const file = join(folder, 'taken');
    mkdirSync(join(file, 'inside'), { recursive: true });
    expect((await errorOf(async () => writeFileWhole(file, 'x'))).message).toContain(file);
    expect(readdirSync(folder)).toEqual(['taken']);
    expect(existsSync(join(file, 'inside'))).toBe(true);
  });
});

test('a JSON file is read, missing is undefined, and broken is said with its name', async () => {
  await withFolder(async (folder) => {
    const file = join(folder, 'x.json');
    expect(readJsonFile(file)).toBeUndefined();
    writeFileWhole(file, '{"a": [1]}');
    expect(readJsonFile(file)).toEqual({ a: [1] });
    writeFileSync(file, '{"a": ');
    const error = await errorOf(async () => readJsonFile(file));
    expect(error.details).toMatchObject({ code: 'file-corrupt', where: file });
  });
});

test('a folder is made, and a file in its place is said', async () => {
  await withFolder(async (folder) => {
    makeFolder(join(folder, 'a/b'));
    makeFolder(join(folder, 'a/b'));
    expect(statSync(join(folder, 'a/b')).isDirectory()).toBe(true);
    writeFileSync(join(folder, 'file'), '');
    expect((await errorOf(async () => makeFolder(join(folder, 'file')))).details.where).toBe(join(folder, 'file'));
  });
});

test.each([
  ['ENOSPC', 'disk-full'],
  ['EDQUOT', 'disk-full'],
  ['EACCES', 'not-writable'],
  ['EPERM', 'not-writable'],
  ['EROFS', 'not-writable'],
  ['EIO', 'file-failed'],
])('what the system calls %s is told as %s, with the file and the system’s words', (code, expected) => {
  const error = fileError('/data/x', Object.assign(new Error('said so'), { code }));
  expect(error.details).toMatchObject({ code: expected, where: '/data/x', found: 'said so' });
});

test('a folder that the system will not have is refused, not tried for ever', () => {
  // On Linux, /proc takes no folders, whoever asks; elsewhere the root of a file does not.
  const folder = process.platform === 'linux' ? '/proc/nowhere/data' : join(process.execPath, 'data');
  expect(() => makeFolder(folder)).toThrow(expect.objectContaining({ code: expect.stringMatching(/^(file-failed|not-writable)$/) }));
});
