import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ChampionEvent } from '../../src/registry/champions.ts';
import { Registry } from '../../src/registry/registry.ts';
import { temporaryFolder } from '../support/job.ts';

let folder: string;
let registry: Registry;

beforeEach(() => {
  folder = temporaryFolder('champions');
  registry = Registry.open(join(folder, 'runs.db'), () => new Date('2001-06-20T02:00:00Z'));
});

afterEach(() => {
  registry.close();
  rmSync(folder, { recursive: true, force: true });
});

function record(asOf: string, modelRun: string, action: ChampionEvent['action'] = 'published', until: string | null = null): void {
  registry.champions.record({ asOf, modelRun, action, why: 'a test', byWhom: 'somebody', until });
}

function publish(asOf: string, run: string, model = run): void {
  registry.recordPublished({ asOf, warehouse: 'sqlite', runId: run, modelRun: model, rows: 10, scoresHash: 'h', meanScore: 0.2 });
}

function championsFor(...dates: readonly string[]): readonly (string | null)[] {
  return dates.map((asOf) => registry.champions.championFor(asOf)?.modelRun ?? null);
}

describe('the champion of a night', () => {
  test('is no longer the one rolled back from, from the next night on; nights before keep theirs', () => {
    publish('2001-06-10', 'a');
    publish('2001-06-11', 'b');
    record('2001-06-11', 'a', 'rolled back');
    expect(championsFor('2001-06-11', '2001-06-12')).toEqual(['a', 'a']);
    publish('2001-06-12', 'c');
    expect(championsFor('2001-06-13')).toEqual(['c']);
  });

  test('is not replaced by what nights publish while it is pinned, and is once the pin has ended', () => {
    publish('2001-06-10', 'a');
    record('2001-06-10', 'a', 'pinned', '2001-06-12');
    record('2001-06-11', 'b');
    record('2001-06-12', 'c');
    expect(championsFor('2001-06-13')).toEqual(['a']);
    record('2001-06-13', 'd');
    expect(championsFor('2001-06-13', '2001-06-14')).toEqual(['a', 'd']);
  });

  test('says until when it is pinned, and no longer once it is unpinned', () => {
    record('2001-06-10', 'a', 'pinned', '2001-06-30');
    expect(registry.champions.championFor('2001-06-11')).toEqual({ modelRun: 'a', since: '2001-06-10', pinnedUntil: '2001-06-30' });
    record('2001-06-11', 'a', 'unpinned');
    expect(registry.champions.championFor('2001-06-12')).toEqual({ modelRun: 'a', since: '2001-06-10', pinnedUntil: null });
  });

  test('follows the model that a night was scored by again', () => {
    publish('2001-06-10', 'a');
    publish('2001-06-11', 'b');
    publish('2001-06-11', 'b-again', 'a');
    expect(championsFor('2001-06-12')).toEqual(['a']);
  });
});
