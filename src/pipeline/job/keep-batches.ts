import type { Column, ColumnBatch } from '../../dataset/batch.ts';
import { batchColumns } from '../columns.ts';
import type { StepContext } from '../context.ts';
import { keptFile, type Kept } from '../kept-batches.ts';
import { keyTypes } from './streams.ts';
import type { Tested } from './test-models.ts';

/** What the candidate predicted of the test batch, for as long as it is being kept. */
const PREDICTED = 'predicted';

/** Keeps the batches that the model was made and judged by, and what the candidate predicted of the test batch. */
export async function keepLearned(step: StepContext, tested: Tested): Promise<void> {
  const warehouse = await step.warehouse();
  const { identifier } = warehouse.dialect;
  const names = outputNames(tested);
  const types = { ...keyTypes(step, tested.keys[0]), ...Object.fromEntries(names.map((name) => [name, 'number' as const])) };
  await warehouse.load(PREDICTED, types, withPredictions(tested, names));
  const columns = [...new Set([...batchColumns(step.config), step.config.label.column])];
  const from = (batch: string, more: readonly string[]): string => `SELECT ${[...columns, ...more].map(identifier).join(', ')} FROM ${identifier(batch)}`;
  try {
    await keep(step, 'learned', { train: from('train', [...weightColumns(step), 'fold']), test: from('test', []), [PREDICTED]: `SELECT * FROM ${identifier(PREDICTED)}` });
  } finally {
    await warehouse.drop(PREDICTED);
  }
}

/** Keeps the batch that was scored, as the model that won saw it. */
export async function keepScored(step: StepContext, relation: string): Promise<void> {
  const { identifier } = (await step.warehouse()).dialect;
  await keep(step, 'scored', { fresh: `SELECT * FROM ${identifier(relation)}` });
}

async function keep(step: StepContext, kept: Kept, queries: Readonly<Record<string, string>>): Promise<void> {
  const warehouse = await step.warehouse();
  const file = keptFile(step.run.places, { runId: step.run.runId, kind: step.config.warehouse, kept });
  const start = performance.now();
  const saved = Object.entries(await warehouse.save(file, queries));
  await step.record((registry, attempt) => {
    for (const [batch, { rows, fingerprint }] of saved) registry.recordBatch(attempt, { batch, rows, sha256: fingerprint });
  });
  step.log({ event: `batches kept`, rows: saved.reduce((sum, [, { rows }]) => sum + rows, 0), seconds: (performance.now() - start) / 1000, message: file });
}

function weightColumns({ config }: StepContext): readonly string[] {
  return config.weight === undefined || batchColumns(config).includes(config.weight) ? [] : [config.weight];
}

/** `predicted`, or `predicted_<class>` for each class. */
function outputNames({ candidate }: Tested): readonly string[] {
  const { classes = [] } = candidate;
  return classes.length === 0 ? ['predicted'] : classes.map((name) => `predicted_${name}`);
}

async function* withPredictions({ keys, candidate }: Tested, names: readonly string[]): AsyncIterable<ColumnBatch> {
  let from = 0;
  for (const batch of keys) {
    const columns = new Map<string, Column>(batch.columns);
    names.forEach((name, k) => columns.set(name, { storage: 'number', values: Float64Array.from({ length: batch.rows }, (_, row) => candidate.predictions[(from + row) * names.length + k]!), nulls: undefined }));
    yield { rows: batch.rows, columns };
    from += batch.rows;
  }
}
