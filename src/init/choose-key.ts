import type { MadeNames, Named, RowKey } from './choices.ts';
import { type Deciding, NONE } from './deciding.ts';
import { type Found, type RowNames, rowNamesOf } from './keys.ts';
import { type OutputNames, isWritable } from './output-names.ts';
import { columnNamed } from './table.ts';
import type { Target } from './target.ts';
import type { Times } from './times.ts';

export async function chooseKey({ warehouse, table, wishes, ask, decided }: Deciding, { target, times }: { readonly target: Target; readonly times: Times }): Promise<RowNames> {
  const request = { columns: table.columns, target: target.column, time: times.time };
  const asked = wishes.key === undefined ? undefined : columnNamed(table, wishes.key, '--key').profile.name;
  const inferred = await rowNamesOf(warehouse, table.source, { ...request, key: asked });
  const fallback = inferred.key ?? (inferred.namesRows ? (inferred.entity ?? NONE) : NONE);
  const answer = asked === undefined ? await ask({ about: 'key', text: `Which column names a row? (${inferred.why})`, fallback, options: [NONE, ...table.columns.map(({ profile }) => profile.name)] }) : fallback;
  const chosen = answer === fallback ? inferred : answer === NONE ? { key: undefined, entity: inferred.namesRows ? undefined : inferred.entity, namesRows: false, why: 'as it was answered' } : await rowNamesOf(warehouse, table.source, { ...request, key: columnNamed(table, answer, '--key').profile.name });
  const isEntity = chosen.key === undefined && chosen.entity !== undefined && chosen.namesRows;
  decided.push({ about: 'key', chosen: chosen.key ?? (isEntity ? `${chosen.entity ?? ''} and ${times.time ?? ''}` : 'made of each row’s content'), why: chosen.why });
  if (chosen.entity !== undefined && !isEntity) decided.push({ about: 'entity', chosen: chosen.entity, why: 'by its name, and it recurs' });
  return chosen;
}

export function keyOf({ key, entity, namesRows }: RowNames, { names, columns, without }: { readonly names: OutputNames; readonly columns: readonly Found[]; readonly without: readonly (string | undefined)[] }): RowKey {
  const named = (column: string): Named => ({ column, name: names.key(column) });
  if (key !== undefined) return { kind: 'column', key: named(key), entity: entity === undefined ? undefined : named(entity) };
  if (entity !== undefined && namesRows) return { kind: 'entity', entity: named(entity) };
  return { kind: 'made', columns: columns.filter(({ profile }) => !without.includes(profile.name) && isWritable(profile.name)), entity: entity === undefined ? undefined : named(entity), made: madeNames(columns) };
}

function madeNames(columns: readonly Found[]): MadeNames {
  const taken = new Set(columns.map(({ profile }) => profile.name.toLowerCase()));
  const free = (name: string): string => (taken.has(name) ? free(`made_${name}`) : name);
  return { key: free('row_key'), content: free('row_content') };
}
