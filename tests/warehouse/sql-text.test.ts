import { expect, test } from '@jest/globals';
import { readSql } from '../../src/warehouse/sql-text.ts';

test.each([
  ['SELECT 1', 'SELECT', 'SELECT 1', false],
  ['  select 1 ;  ', 'SELECT', '  select 1', false],
  ['-- of nights;\n/* and ; days */ WITH a AS (SELECT 1) SELECT * FROM a -- end', 'WITH', '-- of nights;\n/* and ; days */ WITH a AS (SELECT 1) SELECT * FROM a', false],
  ["SELECT ';' AS a, \"b;\" FROM t; -- ;", 'SELECT', "SELECT ';' AS a, \"b;\" FROM t", false],
  ["SELECT 'it''s; -- no' ;;", 'SELECT', "SELECT 'it''s; -- no'", false],
  ['SELECT $$ ; $$, $tag$ ;$$; $tag$', 'SELECT', 'SELECT $$ ; $$, $tag$ ;$$; $tag$', false],
  ['SELECT 1; SELECT 2', 'SELECT', 'SELECT 1', true],
  ['; SELECT 2', '', '', true],
  ['', '', '', false],
  ['/* never closed', '', '', false],
  ["SELECT 'never closed; SELECT 2", 'SELECT', "SELECT 'never closed; SELECT 2", false],
])('%j begins with %s', (sql, keyword, body, several) => {
  expect(readSql(sql)).toEqual({ keyword, body, several });
});
