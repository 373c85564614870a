import { expect, test } from '@jest/globals';
import { errorOf, readAll, withWarehouse } from '../../contract/warehouses.ts';

/** A value of each type of the engine, what it is as a number (undefined: it is none) and as text. */
const TYPES: readonly (readonly [type: string, value: string, number: number | undefined, text: string])[] = [
  ['BOOLEAN', 'true', 1, '1'],
  ['TINYINT', '-128', -128, '-128'],
  ['UTINYINT', '255', 255, '255'],
  ['SMALLINT', '-32768', -32768, '-32768'],
  ['USMALLINT', '65535', 65535, '65535'],
  ['INTEGER', '-2147483648', -2147483648, '-2147483648'],
  ['UINTEGER', '4294967295', 4294967295, '4294967295'],
  ['BIGINT', '-9007199254740991', -9007199254740991, '-9007199254740991'],
  ['UBIGINT', '9007199254740991', 9007199254740991, '9007199254740991'],
  ['HUGEINT', '-9007199254740991', -9007199254740991, '-9007199254740991'],
  ['UHUGEINT', '9007199254740991', 9007199254740991, '9007199254740991'],
  ['FLOAT', '0.5', 0.5, '0.5'],
  ['DOUBLE', "'NaN'", Number.NaN, 'NaN'],
  ['DOUBLE', '0.1', 0.1, '0.1'],
  ['DECIMAL(4,1)', '-12.5', -12.5, '-12.5'],
  ['DECIMAL(9,2)', '1234567.10', 1234567.1, '1234567.1'],
  ['DECIMAL(18,4)', '0.0001', 0.0001, '0.0001'],
  ['DECIMAL(38,2)', '1234567890123.25', 1234567890123.25, '1234567890123.25'],
  ['DECIMAL(10,0)', '100', 100, '100'],
  ['VARCHAR', "'twelve bytes'", undefined, 'twelve bytes'],
  ['VARCHAR', "'thirteen byte'", undefined, 'thirteen byte'],
  ['DATE', "'2001-06-10'", undefined, '2001-06-10'],
  ['DATE', "'0001-01-01'", undefined, '0001-01-01'],
  ['TIMESTAMP', "'1969-12-31 23:59:59.5'", undefined, '1969-12-31 23:59:59.5'],
  ['TIMESTAMP', "'9999-12-31 23:59:59'", undefined, '9999-12-31 23:59:59'],
  ['TIMESTAMP', "'0100-02-03 04:05:06.000007'", undefined, '0100-02-03 04:05:06.000007'],
  ['TIMESTAMP_S', "'2001-06-10 13:45:00'", undefined, '2001-06-10 13:45:00'],
  ['TIMESTAMP_MS', "'2001-06-10 13:45:00.25'", undefined, '2001-06-10 13:45:00.25'],
  ['TIMESTAMP_NS', "'2001-06-10 13:45:00.123456789'", undefined, '2001-06-10 13:45:00.123456'],
  ['TIMESTAMPTZ', "'2001-06-10 13:45:00+02'", undefined, '2001-06-10 11:45:00'],
  ['TIME', "'13:45:00'", undefined, '13:45:00'],
  ['UUID', "'6ecd8c99-4036-403d-bf84-cf8400f67836'", undefined, '6ecd8c99-4036-403d-bf84-cf8400f67836'],
  ["ENUM('a', 'b')", "'b'", undefined, 'b'],
  ['BLOB', String.raw`'\xAA\x01'`, undefined, 'aa01'],
  ['INTEGER[]', '[1, 2]', undefined, '[1, 2]'],
];

/** The value again and again, each third one missing. */
const expected = (one: number | string) => Array.from({ length: 3000 }, (_, i) => (i % 3 === 1 ? null : one));

test.each(TYPES)('a value of %s %s is read as number, as text and by rows', (type, value, number, text) =>
  withWarehouse('duckdb', async (warehouse) => {
    // More than a chunk, and a missing value among them, so that whole vectors and their validity are read.
    await warehouse.make('t', `SELECT i, CASE WHEN i % 3 <> 1 THEN CAST(${value} AS ${type}) END AS x FROM range(3000) AS r(i)`, 't.sql');
    const read = async (storage: 'number' | 'text') => (await readAll(warehouse.stream('SELECT x FROM t ORDER BY i', { columns: { x: storage }, batchRows: 1500 }))).columns['x'];
    expect(await read('text')).toEqual(expected(text));
    if (number === undefined) expect((await errorOf(read('number'))).details).toMatchObject({ code: 'value-type', found: JSON.stringify(text) });
    else expect(await read('number')).toEqual(expected(number));
    const [first, second] = await warehouse.rows('SELECT x FROM t ORDER BY i LIMIT 2');
    expect([first?.['x'], second?.['x']]).toEqual([number ?? text, null]);
  }),
);

test.each([['UBIGINT', '9007199254740993'], ['HUGEINT', '-170141183460469231731687303715884105727'], ['UHUGEINT', '9007199254740993'], ['DECIMAL(20,0)', '9007199254740993']])(
  'an integer of %s that no number holds is refused as one, and is text to its last digit',
  (type, value) =>
    withWarehouse('duckdb', async (warehouse) => {
      const sql = `SELECT CAST('${value}' AS ${type}) AS x`;
      const error = await errorOf(readAll(warehouse.stream(sql, { columns: { x: 'number' } })));
      expect([error.code, error.details.found]).toEqual(['value-type', value]);
      expect((await readAll(warehouse.stream(sql, { columns: { x: 'text' } }))).columns).toEqual({ x: [value] });
    }),
);
