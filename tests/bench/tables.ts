import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../../src/evaluation/random.ts';
import type { TableFiles } from '../../src/bench/table-files.ts';
import { tablesIn } from '../../src/bench/table-files.ts';

/** Writes the two files of a table; the lines of both begin with the header. */
export function writeTable(folder: string, name: string, { train, test }: { readonly train: readonly string[]; readonly test?: readonly string[] }): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.train.csv`), `${train.join('\n')}\n`);
  if (test !== undefined) writeFileSync(join(folder, `${name}.test.csv`), `${test.join('\n')}\n`);
}

/** The files of the one table of a folder. */
export async function onlyTable(folder: string): Promise<TableFiles> {
  const [table] = await tablesIn(folder, []);
  return table!;
}

/** Rows of an amount, a colour (some missing) and a label that follows both, `yes` or `no`, each with a tenth of it turned round. */
export function madeRows(rows: number, seed: number): readonly string[] {
  const random = new Random(seed);
  return Array.from({ length: rows }, () => {
    const amount = random.normal();
    const colour = ['red', 'blue', ''][random.below(3)]!;
    const isYes = amount + (colour === 'red' ? 1 : 0) > 0.5 !== random.uniform() < 0.1;
    return `${amount.toFixed(4)},${colour},${isYes ? 'yes' : 'no'}`;
  });
}
