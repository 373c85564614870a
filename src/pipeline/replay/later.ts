import { keyText } from '../comparison/kept-test.ts';
import { columnOf } from '../job/streams.ts';
import { openKept } from '../kept-batches.ts';
import type { Places } from '../places.ts';
import { type Drawn, ofDay } from './draw.ts';
import type { Part } from './parts.ts';
import type { Recipe, Recipes } from './recipe.ts';
import { Values, wholeOf } from './values.ts';

/** What a later run learned from rows that were scored before. */
export interface Later {
  readonly runId: string;
  readonly values: Values;
}

/**
 * The first later run that trained or tested on any of the rows that a night scored, with features made by the same SQL;
 * undefined where there is none yet.
 */
export async function laterValues(places: Places, drawn: Drawn, { parts, recipes }: { readonly parts: readonly Part[]; readonly recipes: Recipes }): Promise<Later | undefined> {
  if (drawn.part.batch !== 'fresh') return undefined;
  const recipe = recipes.of(drawn.part);
  const candidates = parts.filter(({ batch, asOf, windows }) => batch === 'train' && asOf > drawn.part.asOf && (recipe.config.time === undefined || (windows.trainFromDay <= drawn.day && drawn.day < windows.asOfDay)));
  for (const part of candidates.toSorted((a, b) => (a.asOf < b.asOf ? -1 : 1))) {
    const found = recipes.of(part).signature === recipe.signature ? await valuesIn(places, part, { drawn, recipe }) : undefined;
    if (found !== undefined) return { runId: part.runId, values: found };
  }
  return undefined;
}

async function valuesIn(places: Places, { runId }: Part, { drawn, recipe }: { drawn: Drawn; recipe: Recipe }): Promise<Values | undefined> {
  const warehouse = await openKept(places, { runId, kept: 'learned' });
  if (warehouse === undefined) return undefined;
  try {
    const { identifier } = warehouse.dialect;
    const has = new Set((await warehouse.columns('SELECT * FROM test', 'test')).map(({ name }) => name));
    const columns = { ...Object.fromEntries(Object.entries(recipe.columns).filter(([name]) => has.has(name))), ...storageOfKeys(drawn) };
    const names = Object.keys(columns).map(identifier).join(', ');
    const from = (batch: string): string => `SELECT ${names} FROM ${batch}${ofDay(warehouse, recipe, drawn.day)}`;
    const batch = await wholeOf(() => warehouse.stream(`${from('test')} UNION ALL ${from('train')}`, { columns }));
    if (batch.rows === 0) return undefined;
    const at = new Map<string, number>();
    const found = recipe.keys.map((name) => columnOf(batch, name));
    for (let row = 0; row < batch.rows; row++) at.set(keyText(found, row), row);
    const wanted = recipe.keys.map((name) => columnOf(drawn.keys, name));
    const rows = Int32Array.from({ length: drawn.rows }, (_, row) => at.get(keyText(wanted, row)) ?? -1);
    return rows.some((row) => row >= 0) ? new Values(batch, rows) : undefined;
  } finally {
    await warehouse.close();
  }
}

/** Keys are read as the drawn ones were, so that their texts meet. */
function storageOfKeys({ keys }: Drawn): Readonly<Record<string, 'number' | 'text'>> {
  return Object.fromEntries([...keys.columns].map(([name, { storage }]) => [name, storage]));
}
