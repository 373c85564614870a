import { expect, test } from '@jest/globals';
import { placesOf } from '../../src/pipeline/places.ts';
import { Stamps } from '../../src/pipeline/stamps.ts';
import { parseConfig } from '../../src/shared/config/load.ts';
import { errorOf, withFolder } from '../contract/warehouses.ts';
import { SMALL } from './small.ts';

const STAMP = { relation: 'features', runId: '2024-01-10-aaaaaaaa', step: '01-extract' };

function withStamps<T>(act: (stamps: Stamps, again: (kind: 'sqlite' | 'duckdb') => Stamps) => Promise<T>): Promise<T> {
  return withFolder(async (folder) => {
    const again = (kind: 'sqlite' | 'duckdb') => new Stamps(placesOf(folder, parseConfig(SMALL, 'pipeline.yaml')), kind);
    return act(again('sqlite'), again);
  });
}

test('a relation that a run has made is its own, also for a later process', async () => {
  await withStamps(async (stamps, again) => {
    expect(await stamps.around(STAMP, async () => 7)).toBe(7);
    stamps.require('features', STAMP.runId, '01-extract');
    again('sqlite').require('features', STAMP.runId, '01-extract');
  });
});

test('a relation of another run is refused, with who made it and what to run', async () => {
  await withStamps(async (stamps) => {
    await stamps.around(STAMP, async () => 7);
    const error = await errorOf(async () => stamps.require('features', '2024-01-11-bbbbbbbb', '01-extract'));
    expect(error.details).toMatchObject({ code: 'relation-of-another-run', found: 'made by 01-extract of run 2024-01-10-aaaaaaaa', expected: 'made by run 2024-01-11-bbbbbbbb' });
    expect(error.details.fix).toContain('run.sh step 01-extract --as-of 2024-01-11');
  });
});

test('while a relation is made anew, and when that fails, it is nobody’s', async () => {
  await withStamps(async (stamps) => {
    await stamps.around(STAMP, async () => 7);
    const making = stamps.around(STAMP, async () => {
      const error = await errorOf(async () => stamps.require('features', STAMP.runId, '01-extract'));
      expect(error.details.found).toBe('not made, or not whole');
      throw error;
    });
    await errorOf(making);
    expect((await errorOf(async () => stamps.require('features', STAMP.runId, '01-extract'))).details.found).toBe('not made, or not whole');
  });
});

test('each warehouse has stamps of its own', async () => {
  await withStamps(async (stamps, again) => {
    await stamps.around(STAMP, async () => 7);
    await errorOf(async () => again('duckdb').require('features', STAMP.runId, '01-extract'));
  });
});
