import { expect, test } from '@jest/globals';
import { scriptsThatMake } from '../../../src/pipeline/explanation/made-by.ts';
import type { Script } from '../../../src/pipeline/find.ts';

const script = (name: string, text = ''): Script => ({ name, file: `steps/01-extract/${name}.sql`, text, uses: [], about: '' });
const made = (text: string, ...features: readonly string[]): readonly (readonly string[] | undefined)[] => {
  const found = scriptsThatMake([script('rows'), script('pays'), script('tickets'), script('features', text)], features);
  return features.map((feature) => found.get(feature));
};

test('the file of features, and those of the relations that the column’s expression names', () => {
  const text = `-- SELECT p.x AS wrong FROM {{ tickets }} AS p
SELECT r.id, r."Spend, all", coalesce(p.amount, 0) AS paid, /* t.n */ CAST(t.n AS DOUBLE) / NULLIF(p.n, 0) AS "Share", 'p.x' AS fixed, s.city, amount AS bare,
  (SELECT count(*) FROM {{ tickets }} AS p WHERE p.id = r.id) AS counted
FROM {{ rows }} AS r LEFT JOIN {{ pays }} p ON p.id = r.id LEFT JOIN {{ tickets }} AS t ON t.id = r.id LEFT JOIN {{ shops }} AS s ON s.id = r.id`;
  expect(made(text, 'Spend, all', 'paid', 'Share', 'fixed', 'city', 'bare', 'counted', 'id')).toEqual([
    ['features.sql', 'rows.sql'],
    ['features.sql', 'pays.sql'],
    ['features.sql', 'tickets.sql', 'pays.sql'],
    ['features.sql'],
    ['features.sql'],
    ['features.sql'],
    ['features.sql', 'tickets.sql'],
    ['features.sql', 'rows.sql'],
  ]);
});

test('of a query whose text does not show it, the file of features alone', () => {
  expect(made('WITH p AS (SELECT 1) SELECT p.x AS paid FROM {{ pays }} AS p', 'paid')).toEqual([['features.sql']]);
  expect(made('SELECT p.x AS paid FROM {{ pays }} AS p UNION ALL SELECT t.x FROM {{ tickets }} AS t', 'paid')).toEqual([['features.sql']]);
  expect(made('SELECT * FROM {{ pays }} AS p', 'paid')).toEqual([['features.sql']]);
  expect(scriptsThatMake([script('rows')], ['paid'])).toEqual(new Map());
});
