import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openWarehouse } from '../../src/warehouse/open.ts';
import type { Warehouse } from '../../src/warehouse/warehouse.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightshift-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Every form in which a value is stored, and its neighbours. */
const VALUES = [
  null, 0n, 1n, -1n, 127n, -128n, 300n, -300n, 70_000n, -70_000n, 2n ** 30n, -(2n ** 30n), 2n ** 40n, -(2n ** 40n), 2n ** 62n, -(2n ** 62n),
  0.5, -0.5, 1e300, '', '0', '1', 'null', 'é', 'e', 'x'.repeat(40), 'x'.repeat(70_000), Buffer.from([]), Buffer.from([1]), Buffer.from([0x11]),
];

async function inTable(values: readonly unknown[], act: (warehouse: Warehouse) => Promise<void>): Promise<void> {
  const file = join(folder, `${Math.random()}.db`);
  const db = new Database(file);
  db.exec('CREATE TABLE t (x, y)');
  const insert = db.prepare('INSERT INTO t VALUES (?, ?)');
  for (const value of values) insert.run(value, 'y');
  db.close();
  const warehouse = await openWarehouse({ kind: 'sqlite', file });
  try {
    await act(warehouse);
  } finally {
    await warehouse.close();
  }
}

async function fingerprintOf(values: readonly unknown[]): Promise<string> {
  let found = '';
  await inTable(values, async (warehouse) => {
    found = await warehouse.fingerprint('t');
  });
  return found;
}

test('each value has a fingerprint of its own, but for the empty blob and text', async () => {
  const found = new Set<string>();
  for (const value of VALUES) found.add(await fingerprintOf([value, 2n]));
  expect(found.size).toBe(VALUES.length - 1);
});

test('a fingerprint is that of the rows whatever their order, and is the same in the file that they are saved to', async () => {
  const print = await fingerprintOf(VALUES);
  await inTable([...VALUES].reverse(), async (warehouse) => {
    expect(await warehouse.fingerprint('t')).toBe(print);
    const { t } = await warehouse.save(join(folder, 'saved.db'), { t: 'SELECT * FROM t' });
    expect(t).toEqual({ rows: VALUES.length, fingerprint: print });
  });
});

test('values in the wrong rows or columns have another fingerprint', async () => {
  const prints = new Set<string>();
  await inTable([1n, 2n, 3n], async (warehouse) => {
    for (const sql of ['SELECT x, y FROM t', 'SELECT y AS x, x AS y FROM t', 'SELECT x, 4 - x AS y FROM t', 'SELECT x, x AS y FROM t']) {
      await warehouse.make('made', sql, 'made');
      prints.add(await warehouse.fingerprint('made'));
    }
  });
  expect(prints.size).toBe(4);
});
