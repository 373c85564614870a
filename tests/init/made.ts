import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decides } from '../../src/init/asking.ts';
import type { Choices } from '../../src/init/choices.ts';
import type { Wishes } from '../../src/init/deciding.ts';
import { type Made, makeProject } from '../../src/init/init.ts';
import { Random } from '../../src/evaluation/random.ts';
import { ROOT, temporaryFolder } from '../support/job.ts';

export type Cells = readonly (string | number)[];

/** A CSV file's text; cells are quoted where they have to be. */
export function csv(header: readonly string[], rows: readonly Cells[], delimiter = ','): string {
  const cell = (value: string | number): string => (/[",;\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value));
  return [header, ...rows].map((row) => `${row.map(cell).join(delimiter)}\n`).join('');
}

export interface Tabled {
  readonly text: string;
  readonly target?: string;
  readonly wishes?: Partial<Wishes>;
}

/** Makes a project of a table in a folder of its own, looks at it and removes it. */
export function withProject<T>(table: Tabled, act: (made: Made) => T | Promise<T>): Promise<T> {
  const make = (folder: string): string => {
    writeFileSync(join(folder, 'table.csv'), table.text);
    return join(folder, 'table.csv');
  };
  return withProjectOf(make, table, act);
}

/** The same of whatever `make` puts into a folder; it gives what `--from` would be. */
export async function withProjectOf<T>(make: (folder: string) => string, { target, wishes = {} }: Omit<Tabled, 'text'>, act: (made: Made) => T | Promise<T>): Promise<T> {
  const folder = temporaryFolder('init');
  try {
    mkdirSync(join(folder, 'in'));
    const from = make(join(folder, 'in'));
    return await act(await makeProject({ folder: join(folder, 'made'), from, root: ROOT, wishes: { target, task: undefined, key: undefined, time: undefined, warehouse: undefined, ...wishes }, ask: decides, progress: () => undefined }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function choicesOf(table: Tabled): Promise<Choices> {
  return withProject(table, ({ choices }) => choices);
}

/** Rows made by a seeded stream: `make` is given uniform numbers and the row's place. */
export function madeRows(count: number, make: (random: () => number, row: number) => Cells): readonly Cells[] {
  const stream = new Random(7);
  return Array.from({ length: count }, (_, row) => make(() => stream.uniform(), row));
}

export function pick<T>(values: readonly T[], at: number): T {
  return values[Math.floor(at * values.length)] ?? values[0]!;
}

/** The ISO date of a day of 2024, from 0. */
export function date(day: number): string {
  return new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
}
