import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Column, ColumnBatch } from '../../src/dataset/batch.ts';
import type { Contract, Task } from '../../src/dataset/contract.ts';
import { batchOf, numbers, text } from '../model/made.ts';

export type Part = 'train' | 'validation' | 'test';

export const tasks: readonly Task[] = ['binary', 'multiclass', 'regression'];

const labels: Readonly<Record<Task, string>> = { binary: 'left', multiclass: 'band', regression: 'value' };

const rows = parse(readFileSync(path.join(import.meta.dirname, 'table.csv')), { columns: true }) as readonly Readonly<Record<string, string>>[];

export function contractOf(task: Task): Contract {
  return {
    task,
    features: [
      ...['age', 'spend', 'visits', 'days_since', 'constant'].map((name) => ({ name, kind: 'number' as const })),
      ...['plan', 'city'].map((name) => ({ name, kind: 'category' as const })),
    ],
    label: labels[task],
    classes: task === 'multiclass' ? ['bronze', 'gold', 'silver'] : [],
  };
}

/** The rows of a part, with all features and labels. */
export function batchOfPart(part: Part): ColumnBatch {
  const chosen = rows.filter((row) => row['part'] === part);
  const column = (name: string): Column => {
    const values = chosen.map((row) => (row[name] === '' ? null : row[name]!));
    return ['plan', 'city', 'band'].includes(name) ? text(values) : numbers(values.map((value) => (value === null ? null : Number(value))));
  };
  const names = Object.keys(rows[0]!).filter((name) => name !== 'part');
  return batchOf(Object.fromEntries(names.map((name) => [name, column(name)])));
}
