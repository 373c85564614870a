import { join } from 'node:path';
import { bytewise } from '../dataset/bytewise.ts';
import type { Contract } from '../dataset/contract.ts';
import { dayColumn, keyColumns } from '../pipeline/columns.ts';
import { featureStorage, labelStorage } from '../pipeline/job/streams.ts';
import { placesOf, warehouseFile } from '../pipeline/places.ts';
import { loadConfig } from '../shared/config/load.ts';
import { openWarehouse } from '../warehouse/open.ts';
import { type ColumnFolder, writeColumns } from './column-folder.ts';
import { launch } from './launch.ts';

/** Training and test rows of the project's own job, as folders of columns. */
export interface JobRows {
  readonly contract: Contract;
  readonly train: string;
  readonly test: string;
  readonly trainRows: number;
}

export interface JobRequest {
  readonly project: string;
  /** The folder that state and columns go to. */
  readonly folder: string;
  readonly progress: (text: string) => void;
}

/** Makes the whole sample and runs the job's first two steps on it, in DuckDB, then writes out what training would read, the newest rows first. */
export async function jobRows({ project, folder, progress }: JobRequest): Promise<JobRows> {
  const state = join(folder, 'state');
  const common = ['--project', project, '--warehouse', 'duckdb', '--set', `state=${state}`];
  progress('making the sample');
  await launch(['sample', '--full', ...common]);
  for (const step of ['01-extract', '02-split']) {
    progress(step);
    await launch(['step', step, ...common]);
  }
  return writeRows(project, { state, folder, progress });
}

async function writeRows(project: string, { state, folder, progress }: { readonly state: string } & Pick<JobRequest, 'folder' | 'progress'>): Promise<JobRows> {
  const config = loadConfig(project, { set: ['warehouse=duckdb', `state=${state}`] });
  const named = [...config.features.number.map((name) => ({ name, kind: 'number' as const })), ...config.features.category.map((name) => ({ name, kind: 'category' as const }))];
  const contract: Contract = { task: config.task, features: named, label: config.label.column, classes: [] };
  const warehouse = await openWarehouse({ kind: 'duckdb', file: warehouseFile(placesOf(project, config), 'duckdb'), readOnly: true });
  try {
    const columns = { ...featureStorage(contract), ...labelStorage(contract) };
    const { identifier } = warehouse.dialect;
    const names = Object.keys(columns).map(identifier).join(', ');
    const order = [...(config.time === undefined ? [] : [`${identifier(dayColumn(config.time))} DESC`]), ...keyColumns(config).map(identifier)].join(', ');
    const write = async (relation: string): Promise<ColumnFolder> => {
      progress(`reading ${relation}`);
      return writeColumns(join(folder, relation), () => warehouse.stream(`SELECT ${names} FROM ${identifier(relation)} ORDER BY ${order}`, { columns }));
    };
    const train = await write('train');
    await write('test');
    const classes = [...(train.columns.find(({ name }) => name === contract.label)?.dictionary ?? [])].sort(bytewise);
    return { contract: { ...contract, classes }, train: join(folder, 'train'), test: join(folder, 'test'), trainRows: train.rows };
  } finally {
    await warehouse.close();
  }
}
