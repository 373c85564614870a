import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { defineSample, openWarehouse, renderSql, type SampleRequest, type SqlType, type Storage } from 'nightshift';

const TABLES: Readonly<Record<string, Readonly<Record<string, SqlType>>>> = {
  flights: { flight_id: 'integer', flight_date: 'date', origin: 'text', destination: 'text', distance: 'number', departed_at: 'timestamp', arrival_delay: 'integer', known_on: 'date' },
  airports: { iata: 'text', city: 'text', state: 'text', latitude: 'number', longitude: 'number' },
};

/** Real flights of the United States, January to June 2001, that came with the installation. */
export default defineSample({
  about: 'US flights of January to June 2001 and their airports',
  database: 'data/flights',
  load: loadFlights,
});

/** Reads the shipped files with DuckDB and writes the source database beside its name, then renames it. */
async function loadFlights(request: SampleRequest): Promise<void> {
  const temporary = join(dirname(request.file), `.${request.full ? 'full' : 'part'}.${request.warehouse}.tmp`);
  mkdirSync(dirname(request.file), { recursive: true });
  rmSync(temporary, { force: true });
  const reader = await openWarehouse({ kind: 'duckdb', file: ':memory:' });
  const writer = await openWarehouse({ kind: request.warehouse, file: temporary });
  try {
    for (const [table, types] of Object.entries(TABLES)) {
      request.progress(`sample: loading ${table}`);
      const sql = renderSql(readFileSync(join(folderOfSql(), `${table}.sql`), 'utf8'), { ...shippedFiles(), full: Number(request.full) }, `steps/sample/${table}.sql`);
      const columns = Object.fromEntries(Object.entries(types).map(([name, type]): [string, Storage] => [name, type === 'integer' || type === 'number' ? 'number' : 'text']));
      const start = performance.now();
      const rows = await writer.load(table, types, reader.stream(sql, { columns }));
      request.log({ event: `sample ${table}`, rows, seconds: (performance.now() - start) / 1000, message: request.file, show: true });
    }
  } finally {
    await reader.close();
    await writer.close();
  }
  renameSync(temporary, request.file);
}

function folderOfSql(): string {
  return join(process.env['NIGHTSHIFT_PROJECT'] ?? '', 'steps/sample');
}

/** The package exports none of its data files, so they are found beside its own description. */
function shippedFiles(): { flights_file: string; airports_file: string } {
  const find = createRequire(join(process.env['NIGHTSHIFT_ROOT'] ?? '', 'package.json'));
  const data = join(dirname(find.resolve('vega-datasets')), '..', 'data');
  return { flights_file: join(data, 'flights-3m.parquet'), airports_file: join(data, 'airports.csv') };
}
