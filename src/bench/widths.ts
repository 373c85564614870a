import { join } from 'node:path';
import type { Contract, Feature } from '../dataset/contract.ts';
import { describeColumns, writeDescription, type StoredColumn } from './column-folder.ts';
import type { JobRows } from './job-rows.ts';

/**
 * The same rows with another number of features: with the same share of categories, and repeated under further names where more are wanted
 * than there are. Nothing is copied: the new folders name the files of the old.
 */
export function withFeatures(rows: JobRows, count: number): JobRows {
  const features = chosen(rows.contract, count);
  const contract: Contract = { ...rows.contract, features: features.map(({ name, kind }) => ({ name, kind })) };
  const [train, test] = [rows.train, rows.test].map((folder) => {
    const { columns, rows: stored } = describeColumns(folder);
    const of = (name: string): StoredColumn => columns.find((column) => column.name === name)!;
    const wide = join(folder, `${count}-features`);
    writeDescription(wide, { rows: stored, columns: [...features.map(({ name, from }) => ({ ...of(from), name })), of(contract.label)] });
    return wide;
  }) as [string, string];
  return { ...rows, contract, train, test };
}

interface Chosen extends Feature {
  /** The column that it repeats. */
  readonly from: string;
}

function chosen({ features }: Contract, count: number): readonly Chosen[] {
  const [numbers, categories] = (['number', 'category'] as const).map((kind) => features.filter((feature) => feature.kind === kind));
  const wantedCategories = Math.round((count * categories!.length) / features.length);
  return [...repeat(numbers!, count - wantedCategories), ...repeat(categories!, wantedCategories)];
}

function repeat(features: readonly Feature[], count: number): readonly Chosen[] {
  return Array.from({ length: count }, (_, i) => {
    const { name, kind } = features[i % features.length]!;
    const turn = Math.floor(i / features.length);
    return { name: turn === 0 ? name : `${name}_again_${turn}`, kind, from: name };
  });
}
