import type { Column, ColumnBatch, NumberColumn, TextColumn } from '../dataset/batch.ts';
import type { Contract, Feature } from '../dataset/contract.ts';
import { NightshiftError } from '../shared/errors.ts';

/** The columns of a batch in the order of the contract's features; `contract-broken` where one is missing or of another storage. */
export function featureColumns(contract: Contract, batch: ColumnBatch): readonly Column[] {
  return contract.features.map((feature) =>
    feature.kind === 'number' ? numberColumn(feature, batch) : textColumn(feature, batch),
  );
}

function numberColumn(feature: Feature, batch: ColumnBatch): NumberColumn {
  const column = present(feature, batch);
  if (column.storage !== 'number') throw broken(feature, 'text', 'a column of numbers');
  if (column.values.length !== batch.rows) throw broken(feature, `${column.values.length} values`, `${batch.rows} rows`);
  return column;
}

function textColumn(feature: Feature, batch: ColumnBatch): TextColumn {
  const column = present(feature, batch);
  if (column.storage !== 'text') throw broken(feature, 'numbers', 'a column of text');
  if (column.codes.length !== batch.rows) throw broken(feature, `${column.codes.length} values`, `${batch.rows} rows`);
  return column;
}

function present(feature: Feature, batch: ColumnBatch): Column {
  const column = batch.columns.get(feature.name);
  if (column === undefined) throw broken(feature, `columns ${[...batch.columns.keys()].join(', ')}`, `a column ${feature.name}`);
  return column;
}

function broken(feature: Feature, found: string, expected: string): NightshiftError {
  return new NightshiftError({
    code: 'contract-broken',
    what: `The feature ${feature.name} is not as the model learned it.`,
    where: `column ${feature.name}`,
    found,
    expected,
    fix: 'Give the model the columns that its contract names, or train again on the columns as they are now.',
  });
}
