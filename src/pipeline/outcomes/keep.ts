import { join } from 'node:path';
import { appendCsv } from '../../dataset/csv-write.ts';
import type { Outcome } from '../../registry/outcomes.ts';
import type { Registry } from '../../registry/registry.ts';
import type { Places } from '../places.ts';

const HEADER = ['model_run', 'as_of', 'known_as_of', 'kind', 'name', 'nights', 'rows', 'labelled', 'metric', 'value', 'low', 'high', 'promised', 'verdict'];

/** Keeps what is new in the record, and in `logs/outcomes.csv` for people. */
export function keepOutcomes(registry: Registry, outcomes: readonly Outcome[], { places, warehouse }: { readonly places: Places; readonly warehouse: string }): void {
  const found = registry.outcomes.record(warehouse, outcomes);
  if (found.length === 0) return;
  const rows = found.flatMap((one) => one.metrics.map(({ metric, value, low, high, promised }) => [one.modelRun, one.asOf, one.knownAsOf, one.kind, one.name, one.nights, one.rows, one.labelled, metric, value, low, high, promised, metric === one.metric ? one.verdict : null]));
  appendCsv(join(places.logs, 'outcomes.csv'), HEADER, rows);
}
