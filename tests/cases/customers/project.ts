import { cpSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openWarehouse } from '../../../src/warehouse/open.ts';
import type { Row, Warehouse } from '../../../src/warehouse/warehouse.ts';
import { madeOnce, temporaryFolder } from '../../support/job.ts';
import { generateCustomers } from './generate.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));

export const KINDS = ['sqlite', 'duckdb'] as const;
export type Kind = (typeof KINDS)[number];

/** The projects of a suite, in temporary folders with a space in their names. */
export class CustomerProjects {
  readonly #folders: string[] = [];

  /** A new project with its data. A variant's files come over those of the job, its folders of SQL instead of them. */
  async make(name: string, variant?: 'by-hash' | 'once'): Promise<string> {
    const project = this.#folder(name);
    cpSync(join(HERE, 'project'), project, { recursive: true });
    if (variant !== undefined) {
      for (const step of readdirSync(join(HERE, variant, 'steps'))) rmSync(join(project, 'steps', step), { recursive: true });
      cpSync(join(HERE, variant), project, { recursive: true });
    }
    cpSync(join(await madeOnce('customers', generateCustomers), 'data'), join(project, 'data'), { recursive: true });
    return project;
  }

  remove(): void {
    for (const folder of this.#folders.splice(0)) rmSync(folder, { recursive: true, force: true });
  }

  #folder(name: string): string {
    const folder = temporaryFolder(`customers ${name}`);
    this.#folders.push(folder);
    return folder;
  }
}

/** Reads from a project's warehouse while no run is at work. */
export async function inWarehouse<T>(project: string, kind: Kind, read: (warehouse: Warehouse) => Promise<T>): Promise<T> {
  const warehouse = await openWarehouse({ kind, file: join(project, 'data', kind === 'sqlite' ? 'warehouse.db' : 'warehouse.duckdb') });
  try {
    return await read(warehouse);
  } finally {
    await warehouse.close();
  }
}

/** The rows of a relation in the order of some columns. */
export function rowsOf(project: string, kind: Kind, { relation, order }: { relation: string; order: string }): Promise<readonly Row[]> {
  return inWarehouse(project, kind, (warehouse) => warehouse.rows(`SELECT * FROM ${relation} ORDER BY ${order}`));
}

/** Changes a file of a project. */
export function edit(project: string, file: string, change: (text: string) => string): void {
  const path = join(project, file);
  const before = readFileSync(path, 'utf8');
  const after = change(before);
  if (after === before) throw new Error(`the change of ${file} changes nothing`);
  writeFileSync(path, after);
}

/** Every text that a run has left in the logs and in its working files, for looking what is not in it. */
export function textsLeft(project: string): string {
  const folders = [join(project, 'logs'), join(project, 'data/work')].filter((folder) => existsSync(folder));
  const files = folders.flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)));
  return [...files, join(project, 'data/runs.db')].map((file) => readFileSync(file, 'latin1')).join('\n');
}
