import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { SqlType, Storage } from 'nightshift';
import { renderSql } from '../../../src/shared/template.ts';
import { openWarehouse } from '../../../src/warehouse/open.ts';
import { ROOT, madeOnce, temporaryFolder } from '../../support/job.ts';

const TABLES: Readonly<Record<string, Readonly<Record<string, SqlType>>>> = {
  flights: { flight_id: 'integer', flight_date: 'date', origin: 'text', destination: 'text', distance: 'number', departed_at: 'timestamp', arrival_delay: 'integer', known_on: 'date' },
  airports: { iata: 'text', city: 'text', state: 'text', latitude: 'number', longitude: 'number' },
};

/** Every departure of three airports of the sample. */
const SLICE = "origin IN ('SAT', 'BDL', 'ONT')";

/**
 * A copy of the project with a slice of the sample in both source databases, in a temporary folder. Its gates ask only
 * what a slice can answer, it trains on fewer days, and its model is a quick one.
 */
export async function flightsProject(name: string): Promise<string> {
  const project = temporaryFolder(name);
  cpSync(join(ROOT, 'steps'), join(project, 'steps'), { recursive: true });
  cpSync(join(ROOT, 'pipeline.yaml'), join(project, 'pipeline.yaml'));
  edit(project, 'pipeline.yaml', (text) => text.replace(/gates:\n(?: {2}.*\n)+/, 'gates:\n  - {metric: auc, min: 0.4}\n'));
  edit(project, 'pipeline.yaml', (text) => text.replace('min_rows: 10000', 'min_rows: 1000'));
  edit(project, 'pipeline.yaml', (text) => text.replace('train_days: 60', 'train_days: 20'));
  edit(project, 'pipeline.yaml', (text) => text.replace('model: {family: auto, budget: 6s}', 'model: {family: mlp, options: {epochs: 8}}'));
  const sources = await madeOnce('flights', async (folder) => {
    await loadSlice(join(folder, 'flights.db'), 'sqlite');
    await loadSlice(join(folder, 'flights.duckdb'), 'duckdb');
  });
  cpSync(sources, join(project, 'data'), { recursive: true });
  return project;
}

async function loadSlice(file: string, kind: 'sqlite' | 'duckdb'): Promise<void> {
  const data = join(dirname(createRequire(join(ROOT, 'package.json')).resolve('vega-datasets')), '../data');
  const values = { flights_file: join(data, 'flights-3m.parquet'), airports_file: join(data, 'airports.csv'), full: 0 };
  const reader = await openWarehouse({ kind: 'duckdb', file: ':memory:' });
  const writer = await openWarehouse({ kind, file });
  try {
    for (const [table, types] of Object.entries(TABLES)) {
      const sql = renderSql(readFileSync(join(ROOT, `steps/sample/${table}.sql`), 'utf8'), values, table);
      const part = table === 'flights' ? `SELECT * FROM (${sql}) AS everything WHERE ${SLICE} ORDER BY flight_id` : sql;
      const columns = Object.fromEntries(Object.entries(types).map(([column, type]): [string, Storage] => [column, type === 'integer' || type === 'number' ? 'number' : 'text']));
      await writer.load(table, types, reader.stream(part, { columns }));
    }
  } finally {
    await reader.close();
    await writer.close();
  }
}

/** Changes a file of a project. */
export function edit(project: string, file: string, change: (text: string) => string): void {
  const path = join(project, file);
  const before = readFileSync(path, 'utf8');
  const after = change(before);
  if (after === before) throw new Error(`the change of ${file} changes nothing`);
  writeFileSync(path, after);
}
