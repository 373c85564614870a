import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { FittedModel } from '../../src/model/family.ts';
import { loadModel, modelHash, saveModel } from '../../src/model/folder.ts';
import { sha256 } from '../../src/shared/hash.ts';
import { fit, planted } from './made.ts';

let home: string;
let folder: string;
let model: FittedModel;

beforeAll(async () => {
  model = await fit({ family: 'linear', train: planted(500, 1), validation: planted(200, 2), options: { epochs: 1 } });
});

beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'nightshift-folder-'));
  folder = path.join(home, 'model');
  await saveModel(folder, model, { 'decision.json': '{}', 'sql/b.sql': 'SELECT 2', 'sql/a.sql': 'SELECT 1' });
});

afterAll(() => model.dispose());

async function cleaned(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

test('a saved model is one folder with nothing half-done beside it, its manifest sorted and whole', () =>
  cleaned(async () => {
    expect(await readdir(home)).toEqual(['model']);
    const { files } = JSON.parse(await readFile(path.join(folder, 'manifest.json'), 'utf8')) as { files: Record<string, { bytes: number; sha256: string }> };
    const names = ['decision.json', 'encoder.json', 'model.json', 'network.json', 'sql/a.sql', 'sql/b.sql', 'weights.bin'];
    expect(Object.keys(files)).toEqual(names);
    for (const name of names) {
      const bytes = await readFile(path.join(folder, name));
      expect(files[name]).toEqual({ bytes: bytes.length, sha256: sha256(bytes) });
    }
  }));

test('the hash of a model is that of its manifest, and the same for the same model saved elsewhere', () =>
  cleaned(async () => {
    expect(modelHash(folder)).toBe(sha256(await readFile(path.join(folder, 'manifest.json'))));
    const other = path.join(home, 'other');
    await saveModel(other, model, { 'sql/a.sql': 'SELECT 1', 'sql/b.sql': 'SELECT 2', 'decision.json': '{}' });
    expect(modelHash(other)).toBe(modelHash(folder));
  }));

test('saving again replaces the folder as a whole', () =>
  cleaned(async () => {
    await saveModel(folder, model, { 'new.txt': 'new' });
    expect(existsSync(path.join(folder, 'decision.json'))).toBe(false);
    expect(await readdir(home)).toEqual(['model']);
    await expect(loadModel(folder)).resolves.toBeDefined();
  }));

describe('loading refuses', () => {
  test('a file that was altered, naming it and both hashes', () =>
    cleaned(async () => {
      const weights = path.join(folder, 'weights.bin');
      const before = sha256(await readFile(weights));
      await appendFile(weights, 'x');
      const after = sha256(await readFile(weights));
      await expect(loadModel(folder)).rejects.toMatchObject({
        code: 'model-altered',
        details: { where: weights, found: expect.stringContaining(after), expected: expect.stringContaining(before) },
      });
    }));

  test('a file that is gone', () =>
    cleaned(async () => {
      await rm(path.join(folder, 'sql', 'a.sql'));
      await expect(loadModel(folder)).rejects.toMatchObject({ code: 'model-altered', message: expect.stringContaining('sql/a.sql') });
    }));

  test('a file too many', () =>
    cleaned(async () => {
      await writeFile(path.join(folder, 'sql', 'c.sql'), 'SELECT 3');
      await expect(loadModel(folder)).rejects.toMatchObject({ code: 'model-altered', message: expect.stringContaining('sql/c.sql') });
    }));

  test.each(['', '{', '{}', '{"files": {"weights.bin": {}}}'])('a manifest that reads %p', (content) =>
    cleaned(async () => {
      await writeFile(path.join(folder, 'manifest.json'), content);
      await expect(loadModel(folder)).rejects.toMatchObject({ code: 'model-altered', message: expect.stringContaining('manifest.json') });
    }),
  );

  test('a folder without a manifest, as a crash would leave it', () =>
    cleaned(async () => {
      await rm(path.join(folder, 'manifest.json'));
      await expect(loadModel(folder)).rejects.toMatchObject({ code: 'model-altered', message: expect.stringContaining('manifest.json') });
    }));

  test('a folder that is not there', () =>
    cleaned(async () => {
      await expect(loadModel(path.join(home, 'nowhere'))).rejects.toMatchObject({ code: 'model-missing' });
    }));
});

test.each(['../escape.txt', '/absolute.txt', 'a/../../b.txt', 'C:\\x.txt', 'a\\b.txt', '', 'manifest.json', 'model.json', 'weights.bin'])(
  'an extra file named %p is refused, and nothing is left behind',
  (name) =>
    cleaned(async () => {
      await expect(saveModel(path.join(home, 'second'), model, { [name]: 'x' })).rejects.toMatchObject({ code: 'model-file-name' });
      expect(await readdir(home)).toEqual(['model']);
    }),
);

test('what is written of a model once it is measured is no part of it; anything else too many still is refused', () =>
  cleaned(async () => {
    for (const name of ['figures.json', 'card.md', 'report.html', 'report.html.4711.tmp']) await writeFile(path.join(folder, name), 'anything');
    (await loadModel(folder)).dispose();
    await writeFile(path.join(folder, 'report.html.js'), 'anything');
    await expect(loadModel(folder)).rejects.toThrow('report.html.js');
  }));
