import { expect, test } from '@jest/globals';
import { SqlText, namesUsed, render, renderSql } from '../../src/shared/template.ts';
import { errorOf } from '../contract/warehouses.ts';

const NAMES = new Map([
  ['rows', new SqlText('"rows"')],
  ['as_of', new SqlText("'2024-05-01'")],
  ['empty', new SqlText('"empty"')],
  ['true', new SqlText('"true"')],
  ['nil', new SqlText('"nil"')],
]);

const failing = (text: string) => errorOf(async () => render(text, NAMES, 'steps/x.sql'));

test('names become the SQL that stands for them, as often as they are used', () => {
  const { sql, used } = render('SELECT {{ as_of }}, {{as_of}}\nFROM {{  rows  }} -- {{ rows }}\n', NAMES, 'steps/x.sql');
  expect(sql).toBe("SELECT '2024-05-01', '2024-05-01'\nFROM \"rows\" -- \"rows\"\n");
  expect(used).toEqual(['as_of', 'rows']);
});

test('text without names stays as it is, brackets, quotes and all', () => {
  const text = "SELECT '{\"a\": 1}', '100%', \"x y\" -- it's {so}\n";
  expect(render(text, NAMES, 'steps/x.sql')).toEqual({ sql: text, used: [] });
});

test('what is put out is never read as a template again', () => {
  const names = new Map([['a', new SqlText("'{{ b }} {% raw %}'")]]);
  expect(render('SELECT {{ a }}', names, 'steps/x.sql').sql).toBe("SELECT '{{ b }} {% raw %}'");
});

test.each(['empty', 'true', 'nil'])('a name that the template language has a meaning for is a name like any other: %s', (name) => {
  expect(render(`SELECT * FROM {{ ${name} }}`, NAMES, 'steps/x.sql').sql).toBe(`SELECT * FROM "${name}"`);
});

test('an unknown name is named with its line and the closest', async () => {
  const error = await failing('SELECT 1\nFROM {{ rosw }}\n');
  expect(error.details).toMatchObject({ code: 'name-unknown', where: 'steps/x.sql:2', found: 'rosw', fix: 'did you mean {{ rows }}?' });
  expect(error.details.expected).toContain('as_of');
});

test('of two names that begin alike the unknown one’s line is told', async () => {
  expect((await failing('SELECT {{ as_of }}\nFROM {{ as }}\n')).details.where).toBe('steps/x.sql:2');
});

test.each(['{{ rows | upcase }}', '{{ rows.name }}', "{{ 'x' }}", '{% if rows %}', '{{ rows', '{{ }}', '{{ rows[0] }}', '{{ 1 }}', '{{{ rows }}}'])('scripts put out names and nothing else: %s', async (odd) => {
  const error = await failing(`SELECT 1\nFROM ${odd} `);
  expect(error.details).toMatchObject({ code: 'template-invalid' });
  expect(error.details.where).toContain('steps/x.sql');
});

test('the names of a script are known without rendering it', () => {
  expect(namesUsed('{{ b }} {{- a -}} {{ b }}', 'steps/x.sql')).toEqual(['b', 'a']);
});

test('plain values become numbers and quoted text', () => {
  expect(renderSql('SELECT {{ text }}, {{ number }}', { text: "it's", number: 1.5 }, 'x.sql')).toBe("SELECT 'it''s', 1.5");
});
