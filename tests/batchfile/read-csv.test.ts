import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { date, errorOf, integer, number, openBytes, readBytes, readPath, text, told } from './support.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nightshift-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const COLUMNS = [integer('count'), number('amount', { min: 0, max: 100 }), date('day'), { name: 'late', type: 'boolean', nullable: true } as const, { name: 'at', type: 'timestamp', nullable: true } as const, text('city')];

test('columns of the contract come typed and in its order, the others as text behind them', async () => {
  const { names, rows, lines, file } = await readBytes('note,city,amount,id,day,count,late,at,more\nx,Bern,1.50,007,2024-02-29,3,true,2024-02-29T08:30:00Z,1e3\n,,,8,,,,,\n', { columns: COLUMNS, key: ['id'] });
  expect(names).toEqual(['count', 'amount', 'day', 'late', 'at', 'city', 'id', 'note', 'more']);
  expect(rows).toEqual([
    { count: 3, amount: 1.5, day: '2024-02-29', late: 1, at: '2024-02-29 08:30:00', city: 'Bern', id: '007', note: 'x', more: '1e3' },
    { count: null, amount: null, day: null, late: null, at: null, city: null, id: '8', note: null, more: null },
  ]);
  expect(lines).toEqual([2, 3]);
  expect(file.header).toEqual(['note', 'city', 'amount', 'id', 'day', 'count', 'late', 'at', 'more']);
  expect(file.counts()).toEqual({ read: 2, accepted: 2, rejected: 0, byReason: {} });
});

test('a row that breaks the contract is put aside with its line, column, value and reason, and the rest is read', async () => {
  const bad = ['1,x,2024-01-01', '2,101,2024-01-01', '3,1,2023-02-29', ',1,2024-01-01', '5,1', '6,1,2024-01-01,7', '7,"1,5",2024-01-01', '8,1e400,2024-01-01', '9,5,2024-01-01', '9,6,2024-01-02', '10,,', '11,5,01.02.2024', '12,5,2024/02/01'];
  const { rows, rejects, file } = await readBytes(['id,amount,day', ...bad].join('\n'), { columns: [number('amount', { min: 0, max: 100, nullable: false }), date('day')], key: ['id'] });
  expect(told(rejects)).toEqual([
    '2 amount x not-a-number',
    '3 amount 101 out-of-range',
    '4 day 2023-02-29 bad-date',
    '5 id  null-key',
    '6 - 2 of 3 fields too-few-fields',
    '7 - 4 of 3 fields too-many-fields',
    '8 amount 1,5 decimal-comma',
    '9 amount 1e400 number-too-large',
    '11 id 9 duplicate-key',
    '12 amount  missing-value',
    '13 day 01.02.2024 bad-date',
    '14 day 2024/02/01 bad-date',
  ]);
  expect(rejects.map(({ row }) => row)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13]);
  expect(rows).toEqual([{ amount: 5, day: '2024-01-01', id: '9' }]);
  expect(file.counts()).toEqual({
    read: 13,
    accepted: 1,
    rejected: 12,
    byReason: { 'not-a-number': 1, 'out-of-range': 1, 'bad-date': 3, 'null-key': 1, 'too-few-fields': 1, 'too-many-fields': 1, 'decimal-comma': 1, 'number-too-large': 1, 'duplicate-key': 1, 'missing-value': 1 },
  });
});

test('whole numbers above 2^53 are rejected, keys among them; keys of text stay digit for digit', async () => {
  const file = 'id,count\n9007199254740993,1\n9007199254740992,2\n1,9007199254740993\n2,9007199254740991\n3,-9007199254740991\n4,1e400\n5,1.5\n';
  const counts = ['4 count 9007199254740993 integer-too-large', '7 count 1e400 integer-too-large', '8 count 1.5 not-an-integer'];
  const ofText = await readBytes(file, { columns: [text('id'), integer('count')], key: ['id'] });
  expect(ofText.rows.slice(0, 2)).toEqual([{ id: '9007199254740993', count: 1 }, { id: '9007199254740992', count: 2 }]);
  expect(told(ofText.rejects)).toEqual(counts);
  for (const keep of [undefined, { format: 'csv', columns: 'all' } as const]) {
    const { rows, rejects } = await readBytes(file, { columns: [integer('id'), integer('count')], key: ['id'], keep });
    expect(rows.map((row) => [Number(row['id']), row['count']])).toEqual([[2, 9007199254740991], [3, -9007199254740991]]);
    expect(told(rejects)).toEqual(['2 id 9007199254740993 integer-too-large', '3 id 9007199254740992 integer-too-large', ...counts]);
    const odd = await readBytes('id\n+9007199254740992\n"-9007199254740992"\n009007199254740991\n9007199254740991\n', { columns: [integer('id')], key: ['id'], keep, delimiter: ',' });
    expect(told(odd.rejects)).toEqual(['2 id +9007199254740992 integer-too-large', '3 id -9007199254740992 integer-too-large', '5 id 9007199254740991 duplicate-key']);
  }
});

test('one integer in several forms is one key, and a text is not', async () => {
  const forms = 'id\n7\n007\n+7\n7.0\n-0\n0\n-7\n';
  expect(told((await readBytes(forms, { columns: [integer('id')], key: ['id'] })).rejects)).toEqual(['3 id 007 duplicate-key', '4 id +7 duplicate-key', '5 id 7.0 duplicate-key', '7 id 0 duplicate-key']);
  expect((await readBytes(forms, { columns: [text('id')], key: ['id'] })).rejects).toEqual([]);
});

test('a key of two columns is found twice only where both come again', async () => {
  const { rows, rejects } = await readBytes('a,b\nx,yz\nxy,z\nx,yz\n,z\n', { key: ['a', 'b'] });
  expect(rows).toHaveLength(2);
  expect(told(rejects)).toEqual(['4 a x duplicate-key', '5 a  null-key']);
});

test('the key of a row that was rejected is free for the next', async () => {
  const { rows } = await readBytes('id,n\n1,x\n1,2\n', { columns: [number('n')], key: ['id'] });
  expect(rows).toEqual([{ id: '1', n: 2 }]);
});

test('values of a wider type are taken and warned of once', async () => {
  const { rows, file } = await readBytes('n,d\n1.0,2024-01-01 00:00:00\n1e3,2024-01-02T00:00:00Z\n2,2024-01-03\n', { columns: [integer('n'), date('d')] });
  expect(rows).toEqual([{ n: 1, d: '2024-01-01' }, { n: 1000, d: '2024-01-02' }, { n: 2, d: '2024-01-03' }]);
  expect(file.warnings).toEqual(['"n" is a whole number and the file writes it as 1.0; it is taken as one', '"d" is a date and the file has timestamps at midnight; they are taken as dates']);
});

test('a range of dates lets in the whole of its last day', async () => {
  const at = { name: 'at', type: 'timestamp', nullable: false, min: '2024-01-02', max: '2024-01-03' } as const;
  const { rejects } = await readBytes('at\n2024-01-01 23:59:59\n2024-01-02\n2024-01-03 23:59:59\n2024-01-04\n', { columns: [at] });
  expect(rejects.map(({ line }) => line)).toEqual([2, 5]);
  const { rejects: days } = await readBytes('d\n2024-01-01\n2024-01-02\n2024-01-03\n2024-01-04\n', { columns: [date('d', { min: '2024-01-02', max: '2024-01-03' })] });
  expect(told(days)).toEqual(['2 d 2024-01-01 out-of-range', '5 d 2024-01-04 out-of-range']);
});

test('a column that is missing or renamed is named with the closest that was found, before the first row', async () => {
  const error = await errorOf(openBytes('id,amuont,city\n1,2,x\n', { columns: [number('amount'), text('city')], key: ['id'] }));
  expect(error.code).toBe('column-missing');
  expect(error.message).toContain('no column "amount"');
  expect(error.details.found).toContain('"amuont", which is the closest to "amount"');
  const several = await errorOf(openBytes('x\n1\n', { columns: [number('amount')], key: ['id'] }));
  expect(several.message).toContain('lacks 2 columns: amount, id');
});

test('a column of another type is named before the first row, a single bad value is not', async () => {
  const rows = (value: string, count: number): string => `id,n\n${Array.from({ length: count }, (_, i) => `${i},${value}`).join('\n')}`;
  const error = await errorOf(openBytes(rows('much', 10), { columns: [number('n')], key: ['id'] }));
  expect([error.code, error.details.column, error.details.found]).toEqual(['column-retyped', 'n', '"much"']);
  const comma = await errorOf(openBytes(rows('1,5', 10).replaceAll(/(\d+),(1,5|n)/g, '$1;$2').replace('id,n', 'id;n'), { columns: [number('n')], key: ['id'] }));
  expect(comma.details.fix).toContain('decimal point');
  expect((await readBytes(rows('much', 9), { columns: [number('n')], key: ['id'] })).rejects).toHaveLength(9);
  expect((await readBytes(`${rows('much', 10)}\n99,1`, { columns: [number('n')], key: ['id'] })).rows).toHaveLength(1);
});

test('columns twice, in whatever case, are an error by name; columns without one get one', async () => {
  expect((await errorOf(openBytes('id,x,id\n'))).message).toContain('"id" more than once');
  expect((await errorOf(openBytes('id,ID\n'))).details.found).toBe('"id", "ID"');
  const { file, rows } = await readBytes(',a,\n1,2,3\n');
  expect(file.header).toEqual(['column_1', 'a', 'column_3']);
  expect(rows).toEqual([{ column_1: '1', a: '2', column_3: '3' }]);
  expect(file.warnings).toHaveLength(2);
});

test('names that objects and SQL have of their own are names like any other', async () => {
  const { names, rows } = await readBytes('__proto__,constructor,select,toString\n1,2,3,4\n', { columns: [number('__proto__'), integer('constructor')], key: ['toString'] });
  expect(names).toEqual(['__proto__', 'constructor', 'toString', 'select']);
  expect(Object.entries(rows[0]!)).toEqual([['__proto__', 1], ['constructor', 2], ['toString', '4'], ['select', '3']]);
});

test.each([[',', '"'], [';', '"'], ['\t', '"'], ['|', '"'], [';', "'"], [',', "'"]])('the delimiter %j and the quote %s are found', async (delimiter, quote) => {
  const cell = (value: string): string => `${quote}${value.replaceAll(quote, quote + quote)}${quote}`;
  const values = [`a${delimiter}b`, `it is ${quote}so${quote}`, 'two\nlines'];
  const lines = ['id', 'note'].map(cell).join(delimiter);
  const { rows, file } = await readBytes(`${lines}\n${values.map((value, i) => `${i}${delimiter}${cell(value)}`).join('\n')}\n`);
  expect(file.delimiter).toBe(delimiter);
  expect(rows).toEqual(values.map((note, i) => ({ id: String(i), note })));
});

test('the delimiter that finds the columns is taken, whatever else is in the cells', async () => {
  const { file, rows } = await readBytes('id;note\n1;a, b, c\n2;a, b, c\n', { key: ['id'], columns: [text('note')] });
  expect(file.delimiter).toBe(';');
  expect(rows[0]).toEqual({ note: 'a, b, c', id: '1' });
  expect((await readBytes('id;note\n1;2\n', { delimiter: ',' })).file.header).toEqual(['id;note']);
  expect((await readBytes('a,b\n"x,y"\n', { quote: '' })).rows).toEqual([{ a: '"x', b: 'y"' }]);
  expect((await errorOf(openBytes('a,b\n', { delimiter: ',,' }))).code).toBe('dialect-invalid');
});

test('a packed file is unpacked and its bytes are counted as they lie there', async () => {
  const file = join(folder, 'batch.csv.gz');
  const packed = gzipSync(`id\n${Array.from({ length: 1000 }, (_, i) => i).join('\n')}\n`);
  writeFileSync(file, packed);
  const whole = await readPath(file, { key: ['id'] });
  expect(whole.rows).toHaveLength(1000);
  expect([whole.file.bytesRead(), whole.file.totalBytes]).toEqual([packed.length, packed.length]);
  const twoMembers = Buffer.concat([gzipSync('id\n1\n'), gzipSync('2\n')]);
  expect((await readBytes(twoMembers)).rows).toEqual([{ id: '1' }, { id: '2' }]);
});

test('a file that is not there, a folder and a workbook are named', async () => {
  expect((await errorOf(readPath(join(folder, 'none.csv')))).details).toMatchObject({ code: 'input-missing', where: join(folder, 'none.csv'), exitCode: 2 });
  expect((await errorOf(readPath(folder))).details.found).toBe('a folder');
  expect((await errorOf(openBytes('PK\u0003\u0004 and so on'))).details.found).toContain('workbook');
});

test('rows come in batches of the size that was asked for, and smaller ones where rows are wide', async () => {
  const many = `id\n${Array.from({ length: 10 }, (_, i) => i).join('\n')}\n`;
  const sizes: number[] = [];
  for await (const { batch } of (await openBytes(many, { batchRows: 4 })).batches()) sizes.push(batch.rows);
  expect(sizes).toEqual([4, 4, 2]);
});

test('dates in the order of their source are taken as those of the calendar, in keys too, and come out as they came', async () => {
  const columns = [date('day', { nullable: false, dates: 'dmy', min: '2024-01-02' }), { name: 'at', type: 'timestamp', nullable: true, dates: 'dmy' } as const, text('who', { nullable: false })];
  const lines = ['who,day,at', 'a,15.01.2024,15.1.2024 7:30', 'a,2024-01-16,', 'a,15.1.2024,', 'b,30.02.2024,', 'b,01.01.2024,', 'b,2.1.2024,nope'];
  const { rows, rejects, kept } = await readBytes(lines.join('\n'), { columns, key: ['who', 'day'], keep: { format: 'csv', columns: 'all' } });
  expect(rows).toEqual([{ day: '2024-01-15', at: '2024-01-15 07:30:00', who: 'a' }, { day: '2024-01-16', at: null, who: 'a' }]);
  expect(told(rejects)).toEqual(['4 who a duplicate-key', '5 day 30.02.2024 bad-date', '6 day 01.01.2024 out-of-range', '7 at nope bad-timestamp']);
  expect(kept).toEqual(['a,15.01.2024,15.1.2024 7:30', 'a,2024-01-16,']);
});
