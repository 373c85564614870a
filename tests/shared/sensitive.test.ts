import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Mask } from '../../src/shared/sensitive.ts';
import { withFolder } from '../contract/warehouses.ts';

test('a sensitive value is shown as a hash, equal ones as equal, others and missing ones as they are', async () => {
  await withFolder(async (folder) => {
    const mask = new Mask(['email'], folder);
    expect(mask.shown('email', 'a@example.org')).toMatch(/^#[0-9a-f]{12}$/);
    expect(mask.shown('Email', 'a@example.org')).toBe(new Mask(['EMAIL'], folder).shown('email', 'a@example.org'));
    expect(mask.shown('email', 'b@example.org')).not.toBe(mask.shown('email', 'a@example.org'));
    expect(mask.shown('city', 'Lima')).toBe('Lima');
    expect(mask.shown('email', null)).toBeNull();
  });
});

test('the key is made once for each state, for its owner’s eyes, so that hashes of two states tell nothing of each other', async () => {
  await withFolder(async (folder) => {
    const [one, other] = [new Mask(['id'], join(folder, 'a')), new Mask(['id'], join(folder, 'b'))];
    expect(one.shown('id', 7)).not.toBe(other.shown('id', 7));
    expect(readFileSync(join(folder, 'a/.mask-key'))).toHaveLength(32);
    if (process.platform !== 'win32') expect(statSync(join(folder, 'a/.mask-key')).mode & 0o777).toBe(0o600);
  });
});
