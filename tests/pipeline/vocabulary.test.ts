import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { nightRows, validationFromDay, vocabularyOf } from '../../src/pipeline/vocabulary.ts';
import { parseConfig } from '../../src/shared/config/load.ts';
import { dateOf, dayOf, windowsOf } from '../../src/shared/days.ts';
import { render } from '../../src/shared/template.ts';
import type { Row, Warehouse } from '../../src/warehouse/warehouse.ts';
import { KINDS, errorOf, withWarehouse } from '../contract/warehouses.ts';
import { SMALL } from './small.ts';

const RELATIONS = new Map([['visits', 'visits'], ['features', 'blind_features']]);

function settled(set: readonly string[] = []) {
  const config = parseConfig(SMALL, 'pipeline.yaml', { set });
  return { config, windows: windowsOf('2024-01-10', config.split, config.lead) };
}

function vocabulary({ dialect }: Pick<Warehouse, 'dialect'>, set: readonly string[] = [], relations: ReadonlyMap<string, string> = RELATIONS) {
  const { config, windows } = settled(set);
  return vocabularyOf(dialect, config, windows, nightRows(windows), relations);
}

function ask(warehouse: Warehouse, text: string, set: readonly string[] = []): Promise<readonly Row[]> {
  return warehouse.rows(render(text, vocabulary(warehouse, set), 'x.sql').sql);
}

describe.each(KINDS)('what scripts may say in %s', (kind) => {
  test('dates and days of the windows', async () => {
    await withWarehouse(kind, async (warehouse) => {
      const [row] = await ask(warehouse, 'SELECT {{ as_of }} AS as_of, {{ as_of_day }} AS d, {{ train_from_day }} AS t, {{ test_from_day }} AS e, {{ fresh_until_day }} AS f, {{ first_test_cutoff_day }} AS c, {{ rows_from_day }} AS r, {{ rows_until_day }} AS u, {{ lead_days }} AS l, {{ seed }} AS s', ['lead=1d']);
      const day = dayOf('2024-01-10');
      expect(row).toEqual({ as_of: '2024-01-10', d: day, t: day - 8, e: day - 2, f: day + 1, c: day - 3, r: day - 8, u: day + 1, l: 1, s: 1 });
    });
  });

  test('params as values of their kind, text with its quotes', async () => {
    await withWarehouse(kind, async (warehouse) => {
      const rows = await ask(warehouse, 'SELECT {{ most }} AS most, {{ who }} AS who, {{ strict }} AS strict', ['params={most: 1.5, who: "O\'Neill \\"x\\"", strict: true}']);
      expect(rows).toEqual([{ most: 1.5, who: 'O\'Neill "x"', strict: 1 }]);
    });
  });

  test('lists of columns, quoted whatever they are called', async () => {
    await withWarehouse(kind, async (warehouse) => {
      await warehouse.make('wide', 'SELECT 1 AS shop, 2 AS on_day, 3 AS on_day_day, 4 AS "order by", 5 AS "say ""x""", 6 AS size', 'x');
      const set = ['features={number: [order by], category: ["say \\"x\\""]}', 'slices=[size]'];
      expect(await ask(warehouse, 'SELECT {{ key_columns }} FROM wide', set)).toEqual([{ shop: 1, on_day: 2 }]);
      expect(await ask(warehouse, 'SELECT {{ feature_columns }} FROM wide', set)).toEqual([{ 'order by': 4, 'say "x"': 5 }]);
      expect(await ask(warehouse, 'SELECT {{ batch_columns }} FROM wide', set)).toEqual([{ shop: 1, on_day: 2, on_day_day: 3, 'order by': 4, 'say "x"': 5, size: 6 }]);
    });
  });

  test('the day from which a label is known: a column’s, or so many days after the row', async () => {
    await withWarehouse(kind, async (warehouse) => {
      await warehouse.make('days', 'SELECT 100 AS on_day_day, 107 AS told_on_day', 'x');
      expect(await ask(warehouse, 'SELECT {{ label_known_day }} AS known FROM days')).toEqual([{ known: 107 }]);
      expect(await ask(warehouse, 'SELECT {{ label_known_day }} * 2 AS known FROM days', ['label.known_at=null', 'label.matures_after=30d'])).toEqual([{ known: 260 }]);
    });
  });

  test('the days that are excluded, both ends included', async () => {
    await withWarehouse(kind, async (warehouse) => {
      const days = ['2024-01-01', '2024-01-02', '2024-01-03', '2024-01-04', '2024-01-05'].map((date) => `SELECT ${dayOf(date)} AS on_day_day`).join(' UNION ALL ');
      await warehouse.make('days', days, 'x');
      const kept = async (exclude: string) => (await ask(warehouse, 'SELECT on_day_day AS d FROM days WHERE NOT {{ excluded }} ORDER BY 1', [`split.exclude=${exclude}`])).map((row) => dateOf(Number(row['d'])).slice(-1));
      expect(await kept('[]')).toEqual(['1', '2', '3', '4', '5']);
      expect(await kept('[{from: 2024-01-02, to: 2024-01-03}]')).toEqual(['1', '4', '5']);
      expect(await kept('[{from: 2024-01-01, to: 2024-01-01}, {from: 2024-01-04, to: 2030-01-01}]')).toEqual(['2', '3']);
    });
  });

  test('the hash of an entity, the same on every engine for text, numbers, dates and what is missing', async () => {
    await withWarehouse(kind, async (warehouse) => {
      await warehouse.load('things', { id: 'integer', name: 'text', born: 'date' }, rowsOfThings());
      const hashes = await ask(warehouse, 'SELECT {{ entity_hash }} AS h FROM things ORDER BY id', ['entity=[id, name, born]']);
      const expected = [['1', 'Zürich', '2001-06-10'], ['2', '', '2001-06-10'], ['30000000000', 'x', '']].map((parts) => createHash('md5').update(parts.join('\u001f')).digest('hex').slice(0, 8));
      expect(hashes.map((row) => row['h'])).toEqual(expected);
    });
  });

  test('relations under the names of the tables that stand for them', async () => {
    await withWarehouse(kind, async (warehouse) => {
      await warehouse.make('blind_features', 'SELECT 7 AS n', 'x');
      expect(await ask(warehouse, 'SELECT n FROM {{ features }}')).toEqual([{ n: 7 }]);
    });
  });
});

async function* rowsOfThings() {
  yield {
    rows: 3,
    columns: new Map([
      ['id', { storage: 'number' as const, values: Float64Array.of(1, 2, 30_000_000_000), nulls: undefined }],
      ['name', { storage: 'text' as const, codes: Int32Array.of(0, -1, 1), dictionary: ['Zürich', 'x'] }],
      ['born', { storage: 'text' as const, codes: Int32Array.of(0, 0, -1), dictionary: ['2001-06-10'] }],
    ]),
  };
}

const dialect = { name: 'any', identifier: (name: string) => `"${name}"`, literal: (value: unknown) => (typeof value === 'string' ? `'${value}'` : String(value)) };

test('shares become hashes of eight digits that compare as text', () => {
  const names = vocabulary({ dialect }, ['split={by: hash, test_share: 0.25, validation_share: 0.5}']);
  expect(names.get('test_share_hash')?.sql).toBe("'40000000'");
  expect(names.get('validation_share_hash')?.sql).toBe("'a0000000'");
});

test('the held-out days are the last part of the training window, one at least', () => {
  const held = [0.5, 0.25, 0.01].map((share) => {
    const { config, windows } = settled([`split.validation_share=${share}`]);
    return windows.testFromDay - validationFromDay(config, windows);
  });
  expect(held).toEqual([3, 2, 1]);
});

test('without a time there are no days of rows to speak of', () => {
  const names = vocabulary({ dialect }, ['time=null', 'key=shop', 'split.by=hash']);
  expect(names.has('time_day')).toBe(false);
  expect(names.get('excluded')?.sql).toBe('(1 = 0)');
  expect(names.get('label_known_day')?.sql).toBe('"told_on_day"');
});

test.each([
  ['a source', [], new Map([['as_of', 'as_of']])],
  ['a param', ['params={label: 1}'], RELATIONS],
  ['a param like a source', ['params={visits: 1}'], RELATIONS],
])('%s of a name that is taken is refused', async (_, set, relations) => {
  expect((await errorOf(async () => vocabulary({ dialect }, set, relations))).code).toBe('name-taken');
});
