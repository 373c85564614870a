import { CELL_FORMS } from '../dataset/cell.ts';
import { placeNames } from '../dataset/csv-records.ts';
import { NightshiftError } from '../shared/errors.ts';
import { nearest } from '../shared/nearest.ts';
import type { BatchContract } from './contract.ts';
import type { Limits } from './limits.ts';

const LISTED = 20;

/** The names of a file's columns: one without a name is called by its place, and warned of. */
export function namedColumns(header: readonly string[], warn: (text: string) => void): readonly string[] {
  const names = placeNames(header);
  names.forEach((name, i) => {
    if (name !== header[i]) warn(`column ${i + 1} has no name and is called ${name}`);
  });
  return names;
}

/**
 * Holds a file's columns against the contract. Throws `too-many-columns`, `duplicate-column` (whatever the case: engines see
 * none) or `column-missing`, which names the closest that was found.
 */
export function assertColumns(header: readonly string[], contract: BatchContract, limits: Limits): void {
  if (header.length > limits.columns) throw tooManyColumns(header.length, limits);
  const twice = repeated(header);
  if (twice !== undefined) throw duplicateColumn(twice, header);
  const wanted = [...new Set([...contract.columns.map(({ name }) => name), ...contract.key])];
  const found = new Set(header);
  const missing = wanted.filter((name) => !found.has(name));
  if (missing.length > 0) throw columnMissing(missing, header, contract);
}

function repeated(header: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return header.find((name) => {
    const lower = name.toLowerCase();
    if (seen.has(lower)) return true;
    seen.add(lower);
    return false;
  });
}

function tooManyColumns(found: number, limits: Limits): NightshiftError {
  return new NightshiftError({
    code: 'too-many-columns',
    what: 'The batch has more columns than are allowed',
    found: `${found} columns`,
    expected: `at most ${limits.columns}, which is \`score.limits.columns\``,
    fix: 'bring the columns that are needed, or raise score.limits.columns in pipeline.yaml',
  });
}

function duplicateColumn(name: string, header: readonly string[]): NightshiftError {
  const alike = header.filter((one) => one.toLowerCase() === name.toLowerCase());
  return new NightshiftError({
    code: 'duplicate-column',
    what: `The batch has the column "${name}" more than once`,
    found: alike.map((one) => `"${one}"`).join(', '),
    expected: 'each column once, in whatever case',
    fix: 'rename or remove one of them',
  });
}

function columnMissing(missing: readonly string[], header: readonly string[], { columns, key }: BatchContract): NightshiftError {
  const wanted = new Set([...columns.map(({ name }) => name), ...key]);
  const others = header.filter((name) => !wanted.has(name));
  const told = missing.map((name) => {
    const close = nearest(name, others);
    return close === undefined ? `nothing close to "${name}"` : `"${close}", which is the closest to "${name}"`;
  });
  return new NightshiftError({
    code: 'column-missing',
    what: missing.length === 1 ? `The batch has no column "${missing[0]}"` : `The batch lacks ${missing.length} columns: ${listed(missing)}`,
    found: `${told.slice(0, LISTED).join('; ')}. The batch has ${listed(header)}`,
    expected: listed(missing.map((name) => `${name} (${CELL_FORMS[columns.find((one) => one.name === name)?.type ?? 'text']})`)),
    fix: 'rename the columns of the batch as the model was trained on them; their order does not matter',
  });
}

function listed(names: readonly string[]): string {
  return names.length <= LISTED ? names.join(', ') : `${names.slice(0, LISTED).join(', ')} and ${names.length - LISTED} more`;
}
