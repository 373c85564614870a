import Database from 'better-sqlite3';
import { openWarehouse } from '../../src/warehouse/open.ts';
import type { Warehouse } from '../../src/warehouse/warehouse.ts';

/** What a test's other process does: `publish`, `load` or `hold` a warehouse until it is killed or its input ends. */
const [act = '', kind = '', file = ''] = process.argv.slice(2);
const ROWS = 20_000;

async function main(): Promise<void> {
  const warehouse = await openWarehouse({ kind: kind === 'duckdb' ? 'duckdb' : 'sqlite', file });
  if (act === 'publish') await publishForEver(warehouse);
  else if (act === 'load') await loadForEver(warehouse);
  else await hold(warehouse);
}

/** The same night again and again, each time by another run. */
async function publishForEver(warehouse: Warehouse): Promise<void> {
  await warehouse.load('numbers', { id: 'integer' }, numbers(1));
  for (let i = 0; ; i++) {
    const run = `run-${i}`;
    await warehouse.make('staged', `SELECT id, '2001-06-02' AS as_of, '${run}' AS run_id, ${i} AS score FROM numbers`, 'staged.sql');
    await warehouse.publish({
      table: 'scores', staged: 'staged', asOf: '2001-06-02', recordTable: 'published',
      record: { as_of: '2001-06-02', run_id: run, rows: ROWS }, currentView: 'scores_current',
    });
    say(run);
  }
}

async function loadForEver(warehouse: Warehouse): Promise<void> {
  await warehouse.make('kept', 'SELECT 1 AS x', 'kept.sql');
  say('loading');
  await warehouse.load('kept', { id: 'integer' }, numbers(Number.POSITIVE_INFINITY));
}

async function hold(warehouse: Warehouse): Promise<void> {
  await warehouse.make('held', 'SELECT 1 AS x', 'held.sql');
  // In SQLite it is a transaction that keeps others out, in DuckDB the open file.
  const writer = kind === 'sqlite' ? new Database(file) : undefined;
  writer?.exec('BEGIN IMMEDIATE');
  say('holding');
  process.stdin.resume().on('end', () => {
    writer?.close();
    void warehouse.close();
  });
}

async function* numbers(batches: number) {
  const values = Float64Array.from({ length: ROWS }, (_, i) => i);
  for (let i = 0; i < batches; i++) yield { rows: ROWS, columns: new Map([['id', { storage: 'number' as const, values, nulls: undefined }]]) };
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

await main();
