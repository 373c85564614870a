import { describe, expect, test } from '@jest/globals';
import { findSteps } from '../../src/pipeline/find.ts';
import { planOf } from '../../src/pipeline/plan.ts';
import { typedRelations } from '../../src/pipeline/typing/relations.ts';
import { typesFile } from '../../src/pipeline/typing/typescript.ts';
import { KINDS } from '../contract/warehouses.ts';
import { type SmallOptions, SMALL, put, withSmallStep } from './small.ts';

const SPLIT = `SELECT *, visits_before + 1 AS more, shop || '!' AS loud, CAST(visits_before AS TEXT) AS "as text" FROM {{ features }}`;

/** The types of the small job with a split of one script. */
function typesOf(options: SmallOptions): Promise<string> {
  return withSmallStep(options, async ({ config, project, step }) => {
    put(project, { 'pipeline.yaml': SMALL, 'steps/01-extract.ts': '', 'steps/02-split.ts': '', 'steps/02-split/train_rows.sql': SPLIT });
    const plan = planOf(findSteps(project, options.kind), new Map(), config);
    const relations = await typedRelations({ config, places: step.run.places, plan }, { project }, { log: () => undefined, progress: () => undefined });
    return typesFile(relations, config);
  });
}

const columnsOf = (text: string, name: string): Readonly<Record<string, string>> => {
  const body = new RegExp(`export type ${name} = \\{\\n([\\s\\S]*?)\\n\\};`).exec(text)?.[1] ?? '';
  return Object.fromEntries(body.split('\n').map((line) => /^ {2}readonly ([^:]+): (.*)$/.exec(line)?.slice(1) ?? [line, '']) as [string, string][]);
};

describe.each(KINDS)('the types of a project’s columns in %s', (kind) => {
  test('are those that its sources declare, with the day numbers that come with dates', async () => {
    const { on_day, on_day_day, shop, visits } = columnsOf(await typesOf({ kind }), 'Visits');
    expect({ on_day, on_day_day, shop, visits }).toEqual({ on_day: 'string | null; // date', on_day_day: 'number | null; // integer', shop: 'string | null; // text', visits: 'number | null; // integer' });
  });

  test('are the engine’s own where it has a word, and else the kinds of pipeline.yaml, in features and what is made of them', async () => {
    const text = await typesOf({ kind, set: ['units={orders_before: orders}'] });
    for (const relation of ['Features', 'TrainRows']) {
      const { shop, visits_before, orders_before, busy } = columnsOf(text, relation);
      expect({ shop, visits_before, busy }).toEqual({ shop: 'string | null; // text', visits_before: 'number | null; // integer', busy: 'number | null; // integer' });
      expect(orders_before).toMatch(/^number \| null; \/\/ (integer|number), orders$/);
    }
    const { more, loud, "'as text'": asText } = columnsOf(text, 'TrainRows');
    expect(asText).toBe('string | null; // text');
    // SQLite has no word for the type of an expression.
    expect([more, loud]).toEqual(kind === 'sqlite' ? ['nightshift.Scalar;', 'nightshift.Scalar;'] : ['number | null; // integer', 'string | null; // text']);
  });

  test('stand beside what pipeline.yaml names, and are the same each time', async () => {
    const text = await typesOf({ kind });
    expect(text).toContain("key: ['shop', 'on_day'],");
    expect(text).toContain('as const satisfies nightshift.Manifest<Features, number>;');
    expect(await typesOf({ kind, asOf: '2024-01-09' })).toBe(text);
  });
});

test('relations whose types would be called the same are told apart', () => {
  const relation = (name: string) => ({ name, from: `steps/${name}.sql`, columns: [{ name: "it's", type: 'text' as const }] });
  const config = { key: ['a'], label: { column: 'b' }, features: { number: [], category: [] }, slices: [], task: 'multiclass' } as unknown as Parameters<typeof typesFile>[1];
  const text = typesFile(['a_b', 'aB', 'relations', 'features'].map(relation), config);
  expect([...text.matchAll(/^export type (\w+)/gm)].map(([, name]) => name)).toEqual(['AB', 'AB2', 'Relations2', 'Features', 'Relations']);
  expect(text).toContain("readonly 'it\\'s': string | null; // text");
  expect(text).toContain('Manifest<Features, string | number>');
});
