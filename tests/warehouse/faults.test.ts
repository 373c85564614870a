import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { openWarehouse } from '../../src/warehouse/open.ts';
import { KINDS, batchOf, each, errorOf, fileIn, withFolder } from '../contract/warehouses.ts';
import { startChild } from './child.ts';

/** Mounts a small file system, where that is permitted; says so where it is not. */
async function withMount(folder: string, options: string, act: (place: string) => Promise<void>): Promise<void> {
  const place = join(folder, 'mounted');
  mkdirSync(place);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', place]).status !== 0) {
    console.warn(`not permitted to mount a file system here (${options}): what needs one was not tried`);
    return;
  }
  try {
    await act(place);
  } finally {
    spawnSync('umount', [place]);
  }
}

/** A folder that may not be written, for a user or, whom permissions do not stop, for root. */
async function withClosedFolder(folder: string, act: (place: string) => Promise<void>): Promise<void> {
  if (process.getuid?.() === 0) return withMount(folder, 'ro,size=1m', act);
  const place = join(folder, 'closed');
  mkdirSync(place);
  chmodSync(place, 0o555);
  return act(place);
}

describe.each(KINDS)('%s', (kind) => {
  test('killed while it publishes shows one whole night, rows and record of one run', () =>
    withFolder(async (folder) => {
      const file = fileIn(folder, kind);
      for (const delay of [0, 3, 7, 12, 20, 33, 54]) {
        const child = await startChild('publish', kind, file);
        await child.heard('run-1');
        await sleep(delay);
        await child.kill();
        const warehouse = await openWarehouse({ kind, file });
        try {
          const [record, ...others] = await warehouse.rows('SELECT run_id FROM published');
          expect(others).toEqual([]);
          const run = String(record?.['run_id']);
          const score = Number(run.slice('run-'.length));
          expect(await warehouse.rows('SELECT run_id, score, count(*) AS n FROM scores GROUP BY run_id, score')).toEqual([{ run_id: run, score, n: 20_000 }]);
          expect(await warehouse.rows('SELECT count(*) AS n FROM scores_current')).toEqual([{ n: 20_000 }]);
        } finally {
          await warehouse.close();
        }
      }
    }));

  test('killed while it loads keeps the table that was there, and is whole', () =>
    withFolder(async (folder) => {
      const file = fileIn(folder, kind);
      const child = await startChild('load', kind, file);
      await child.heard('loading');
      await sleep(200);
      await child.kill();
      const warehouse = await openWarehouse({ kind, file });
      try {
        expect(await warehouse.tables()).toEqual(['kept']);
        expect(await warehouse.rows('SELECT * FROM kept')).toEqual([{ x: 1 }]);
        expect(await warehouse.make('kept', 'SELECT 2 AS x', 'kept.sql')).toBe(1);
      } finally {
        await warehouse.close();
      }
    }));

  test('held by another process waits for it, and then says who it is', () =>
    withFolder(async (folder) => {
      const file = fileIn(folder, kind);
      const child = await startChild('hold', kind, file);
      try {
        await child.heard('holding');
        const write = async (waitSeconds: number) => {
          const warehouse = await openWarehouse({ kind, file, waitSeconds });
          try {
            await warehouse.make('mine', 'SELECT 1 AS x', 'mine.sql');
          } finally {
            await warehouse.close();
          }
        };
        const error = await errorOf(write(0.3));
        expect([error.code, error.exitCode, error.details.where]).toEqual(['warehouse-locked', 1, file]);
        if (kind === 'duckdb') expect(error.details.found).toContain(String(child.process.pid));
        child.process.stdin.end();
        await write(10);
      } finally {
        await child.kill();
      }
    }));

  test('on a disk that is full says so and keeps what there was', () =>
    withFolder((folder) =>
      withMount(folder, 'size=12m', async (place) => {
        const file = fileIn(place, kind);
        const warehouse = await openWarehouse({ kind, file });
        try {
          await warehouse.make('kept', 'SELECT 1 AS x', 'kept.sql');
          const numbers = Array.from({ length: 1200 }, (_, i) => Math.sin(i));
          await warehouse.load('n', { x: 'number' }, each(batchOf({ x: numbers })));
          const make = await errorOf(warehouse.make('large', 'SELECT a.x * b.x AS y, a.x / b.x AS z, a.x + b.x AS w FROM n AS a CROSS JOIN n AS b', 'large.sql'));
          expect([make.code, make.exitCode, make.details.where]).toEqual(['disk-full', 1, file]);
          const load = await errorOf(warehouse.load('kept', { x: 'number' }, noise()));
          expect(load.code).toBe('disk-full');
          expect(await warehouse.tables()).toEqual(['kept', 'n']);
          expect(await warehouse.rows('SELECT * FROM kept')).toEqual([{ x: 1 }]);
        } finally {
          await warehouse.close();
        }
        const again = await openWarehouse({ kind, file });
        expect(await again.rows('SELECT * FROM kept')).toEqual([{ x: 1 }]);
        await again.close();
      }),
    ));

  test('in a folder that cannot be written says so', () =>
    withFolder(async (folder) => {
      await withClosedFolder(folder, async (place) => {
        const error = await errorOf(openWarehouse({ kind, file: fileIn(place, kind) }));
        expect([error.code, error.exitCode]).toEqual(['not-writable', 1]);
        expect(error.details.where).toContain(place);
      });
    }));

  test('whose file is of something else says so and leaves it', () =>
    withFolder(async (folder) => {
      const file = fileIn(folder, kind);
      const text = 'this is not a warehouse, and long enough to be taken for a header of one. '.repeat(200);
      writeFileSync(file, text);
      const error = await errorOf(openWarehouse({ kind, file }));
      expect([error.code, error.details.where]).toEqual(['warehouse-corrupt', file]);
      expect(readFileSync(file, 'utf8')).toBe(text);
    }));

  test('opened to read refuses to write, and to open what is not there', () =>
    withFolder(async (folder) => {
      const file = fileIn(folder, kind);
      expect((await errorOf(openWarehouse({ kind, file, readOnly: true }))).code).toBe('warehouse-missing');
      const writer = await openWarehouse({ kind, file });
      await writer.make('t', 'SELECT 1 AS x', 't.sql');
      await writer.close();
      const reader = await openWarehouse({ kind, file, readOnly: true });
      try {
        expect((await errorOf(reader.make('t', 'SELECT 2 AS x', 't.sql'))).code).toBe('not-writable');
        expect((await errorOf(reader.drop('t'))).code).toBe('not-writable');
        await reader.define('v', 'SELECT x FROM t');
        for await (const batch of reader.stream('SELECT x FROM v', { columns: { x: 'number' } })) expect(batch).toEqual(batchOf({ x: [1] }));
      } finally {
        await reader.close();
      }
    }));

  test('may be closed twice', () =>
    withFolder(async (folder) => {
      const warehouse = await openWarehouse({ kind, file: fileIn(folder, kind) });
      await warehouse.close();
      await warehouse.close();
    }));
});

async function* noise() {
  for (let batch = 0; ; batch++) yield batchOf({ x: Array.from({ length: 10_000 }, (_, i) => Math.sin(i * 10_000 + batch)) });
}

test('DuckDB is open once in a process', () =>
  withFolder(async (folder) => {
    const file = fileIn(folder, 'duckdb');
    const first = await openWarehouse({ kind: 'duckdb', file });
    const error = await errorOf(openWarehouse({ kind: 'duckdb', file, waitSeconds: 0 }));
    expect([error.code, error.details.found]).toEqual(['warehouse-locked', expect.stringContaining(String(process.pid))]);
    await first.close();
    await (await openWarehouse({ kind: 'duckdb', file })).close();
  }));
