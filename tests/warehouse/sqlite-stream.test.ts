import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openWarehouse } from '../../src/warehouse/open.ts';
import { readAll } from '../contract/warehouses.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightshift-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Numbers of a fixed sequence in [0, 1) (mulberry32, public domain). */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

type Value = number | bigint | string | Buffer | null;

function textOf(value: Value): string | null {
  if (value === null || typeof value === 'string') return value;
  return Buffer.isBuffer(value) ? value.toString('hex') : String(value);
}

test('rows read from pages are those that the engine gives, whatever they hold and however long they are', async () => {
  const file = join(folder, 'warehouse.db');
  const random = sequence(7);
  const columns = Array.from({ length: 140 }, (_, i) => `c${i}`);
  const value = (): Value => {
    const kind = Math.floor(random() * 8);
    if (kind === 0) return null;
    if (kind === 1) return BigInt(Math.floor((random() - 0.5) * 2 ** Math.floor(random() * 53)));
    if (kind === 2) return random() < 0.5 ? 0n : 1n;
    if (kind === 3) return (random() - 0.5) * 10 ** Math.floor(random() * 40 - 20);
    if (kind === 4) return BigInt(Math.floor(random() * 2 ** 32)) * 2n ** 31n - 2n ** 62n;
    if (kind === 5) return Buffer.from([Math.floor(random() * 256), 7]);
    return 'é'.repeat(Math.floor(random() ** 8 * (random() < 0.01 ? 60_000 : 40)));
  };
  const db = new Database(file);
  db.exec(`CREATE TABLE t (${columns.join(', ')})`);
  const insert = db.prepare(`INSERT INTO t VALUES (${columns.map(() => '?').join(', ')})`);
  db.transaction(() => {
    for (let row = 0; row < 3000; row++) insert.run(columns.map(value));
  })();
  const expected: Value[][] = [];
  for (const row of db.prepare('SELECT * FROM t').raw(true).safeIntegers(true).iterate()) expected.push(row as Value[]);
  db.close();

  const warehouse = await openWarehouse({ kind: 'sqlite', file });
  try {
    const read = await readAll(warehouse.stream('SELECT * FROM t', { columns: Object.fromEntries(columns.map((name) => [name, 'text' as const])), batchRows: 999 }));
    for (const [i, name] of columns.entries()) expect(read.columns[name]).toEqual(expected.map((row) => textOf(row[i]!)));
  } finally {
    await warehouse.close();
  }
});

test('what a killed process left of its streams is removed, and what a living one needs is not', async () => {
  const file = join(folder, 'warehouse.db');
  writeFileSync(`${file}.stream-4194305-1`, '');
  writeFileSync(`${file}.stream-${process.pid}-999999`, '');
  const warehouse = await openWarehouse({ kind: 'sqlite', file });
  await warehouse.close();
  expect(readdirSync(folder).sort()).toEqual(['warehouse.db', `warehouse.db.stream-${process.pid}-999999`]);
});
