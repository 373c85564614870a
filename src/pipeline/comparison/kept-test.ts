import { join } from 'node:path';
import { type Column, type Storage, cellText } from '../../dataset/batch.ts';
import { concatenate } from '../../dataset/floats.ts';
import { type Decision, decide } from '../../evaluation/decision.ts';
import type { PredictionInterval } from '../../evaluation/interval.ts';
import type { EvaluationData } from '../../evaluation/task-metrics.ts';
import type { Config } from '../../shared/config/schema.ts';
import { readJsonFile } from '../../shared/files.ts';
import type { Warehouse } from '../../warehouse/warehouse.ts';
import { keyColumns } from '../columns.ts';
import { DECISION_FILE, INTERVAL_FILE } from '../job/model-files.ts';
import { columnOf, storageOf } from '../job/streams.ts';
import { openKept } from '../kept-batches.ts';
import type { Places } from '../places.ts';

/** A run's test batch as it was kept: what its own model predicted of each row. */
export interface KeptTest {
  /** Names each row: its key columns' values, as one text. */
  readonly keys: readonly string[];
  /** The class of each row is decided on the whole batch. */
  readonly data: EvaluationData;
}

export interface KeptRun {
  readonly runId: string;
  /** The configuration that its record has. */
  readonly config: Config;
}

/** Reads the kept test batch of a run in the order of its key; undefined where nothing is kept, or no longer. */
export async function readKeptTest(places: Places, run: KeptRun): Promise<KeptTest | undefined> {
  const warehouse = await openKept(places, { runId: run.runId, kept: 'learned' });
  if (warehouse === undefined) return undefined;
  try {
    const { keys, labels, predictions, classes } = await readRows(warehouse, run.config);
    const folder = join(places.models, run.runId);
    const decision = (readJsonFile(join(folder, DECISION_FILE)) ?? null) as Decision | null;
    const interval = (readJsonFile(join(folder, INTERVAL_FILE)) ?? null) as PredictionInterval | null;
    const rule = run.config.decision;
    const decided = decision === null || run.config.task !== 'binary' ? undefined : decide(decision, predictions).class;
    return { keys, data: { labels, predictions, classes, decided, margin: interval?.margin, cost: rule !== undefined && 'cost' in rule ? rule.cost : undefined } };
  } finally {
    await warehouse.close();
  }
}

interface Rows {
  readonly keys: readonly string[];
  readonly labels: Float64Array;
  readonly predictions: Float64Array;
  readonly classes: readonly string[];
}

async function readRows(warehouse: Warehouse, config: Config): Promise<Rows> {
  const { identifier } = warehouse.dialect;
  const keyed = await storageOf(warehouse, 'test', keyColumns(config));
  const outputs = await outputsOf(warehouse, config);
  const label = config.label.column;
  const columns: Record<string, Storage> = { ...keyed, [label]: config.task === 'multiclass' ? 'text' : 'number', ...Object.fromEntries(outputs.map((name) => [name, 'number'])) };
  const keyNames = keyColumns(config).map(identifier);
  const given = [...keyNames, identifier(label)].map((name) => `t.${name}`);
  const predicted = outputs.map((name) => `p.${identifier(name)}`);
  const sql = `SELECT ${[...given, ...predicted].join(', ')} FROM test AS t JOIN ${identifier(PREDICTED)} AS p ON ${keyNames.map((name) => `t.${name} = p.${name}`).join(' AND ')} ORDER BY ${keyNames.map((name) => `t.${name}`).join(', ')}`;
  const classes = config.task === 'multiclass' ? outputs.map((name) => name.slice(PREFIX.length)) : [];
  const keys: string[] = [];
  const labels: Float64Array[] = [];
  const predictions: Float64Array[] = [];
  for await (const batch of warehouse.stream(sql, { columns })) {
    const parts = Object.keys(keyed).map((name) => columnOf(batch, name));
    for (let row = 0; row < batch.rows; row++) keys.push(keyText(parts, row));
    labels.push(labelNumbers(columnOf(batch, label), classes));
    predictions.push(rowMajor(outputs.map((name) => columnOf(batch, name)), batch.rows));
  }
  return { keys, labels: concatenate(labels), predictions: concatenate(predictions), classes };
}

const PREDICTED = 'predicted';
const PREFIX = `${PREDICTED}_`;

/** The columns of predictions: `predicted`, or one a class in the contract's order. */
async function outputsOf(warehouse: Warehouse, config: Config): Promise<readonly string[]> {
  if (config.task !== 'multiclass') return [PREDICTED];
  const keys = new Set(keyColumns(config));
  return (await warehouse.columns(`SELECT * FROM ${PREDICTED}`, PREDICTED)).map(({ name }) => name).filter((name) => !keys.has(name));
}

/** Text and number read alike, so that two engines name a row alike. */
export function keyText(columns: readonly Column[], row: number): string {
  if (columns.length === 1) return cellText(columns[0]!, row);
  return columns.map((column) => cellText(column, row)).join('\u0000');
}

function labelNumbers(column: Column, classes: readonly string[]): Float64Array {
  if (column.storage === 'number') return column.values;
  const numbers = column.dictionary.map((name) => classes.indexOf(name));
  return Float64Array.from(column.codes, (code) => numbers[code] ?? -1);
}

function rowMajor(columns: readonly Column[], rows: number): Float64Array {
  const values = new Float64Array(rows * columns.length);
  columns.forEach((column, output) => {
    if (column.storage === 'number') for (let row = 0; row < rows; row++) values[row * columns.length + output] = column.values[row]!;
  });
  return values;
}
