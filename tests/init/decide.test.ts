import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import Database from 'better-sqlite3';
import { choicesOf, csv, date, madeRows, pick, withProjectOf } from './made.ts';

const HEADER = ['customer_id', 'visit_date', 'email', 'joined_on', 'amount', 'channel', 'missed', 'resolved_on', 'missed_reason'];

/** Forty customers, each on most of sixty days; outcomes are known three days later. */
function visits(): string {
  const rows = madeRows(40 * 60, (random, row) => {
    const [customer, day] = [row % 40, Math.floor(row / 40)];
    const amount = random();
    const missed = amount + random() > 1.1;
    return [customer, date(day), `user${customer}@example.org`, date(-customer - 1), amount.toFixed(3), pick(['web', 'shop'], random()), missed ? 1 : 0, date(day + 3), missed ? 'no show' : ''];
  });
  return csv(HEADER, rows);
}

test.each([
  ['dmy', (y: string, m: string, d: string) => `${d}.${m}.${y}`, 'day first'],
  ['mdy', (y: string, m: string, d: string) => `${Number(m)}/${Number(d)}/${y}`, 'month first'],
  ['ymd', (y: string, m: string, d: string) => `${y}/${m}/${d}`, 'year first'],
] as const)('a file whose dates are written %s is the same table, and the order is told', async (order, write, told) => {
  const text = visits().replace(/(\d{4})-(\d{2})-(\d{2})/g, (_, y: string, m: string, d: string) => write(y, m, d));
  const [written, iso] = [await choicesOf({ text, target: 'missed' }), await choicesOf({ text: visits(), target: 'missed' })];
  expect({ ...written, place: iso.place, source: iso.source, name: iso.name, warnings: [] }).toEqual({ ...iso, warnings: [] });
  expect(written.place.location).toMatchObject({ kind: 'csv', dates: order });
  expect(written.warnings.filter((one) => !iso.warnings.includes(one))).toEqual([expect.stringContaining(`Dates are written ${told}: `)]);
});

test('dates that could be read in two ways are taken by their signs, with a word about it', async () => {
  const rows = (sign: string) => csv(['id', 'on', 'x', 'y'], madeRows(240, (random, row) => [row + 1, `0${1 + (row % 9)}${sign}0${1 + (row % 7)}${sign}2024`, random().toFixed(3), random() > 0.5 ? 1 : 0]));
  for (const [sign, order] of [['.', 'dmy'], ['/', 'mdy']] as const) {
    const { place, warnings } = await choicesOf({ text: rows(sign), target: 'y' });
    expect(place.location).toMatchObject({ dates: order });
    expect(warnings[0]).toContain('could have day and month the other way round');
  }
});

test('a file of a program of Windows is read as it is meant, and one in UTF-16 needs no word', async () => {
  const text = csv(['Kürzel', 'Größe', 'y'], madeRows(120, (random, row) => [`Ä${row}`, random().toFixed(2), row % 2]));
  const made = (bytes: Buffer) => (folder: string): string => {
    writeFileSync(join(folder, 'table.csv'), bytes);
    return join(folder, 'table.csv');
  };
  const windows = await withProjectOf(made(Buffer.from(text, 'latin1')), { target: 'y' }, ({ choices }) => choices);
  expect([windows.place.location, windows.types.map(([name]) => name), windows.warnings[0]]).toEqual([expect.objectContaining({ encoding: 'latin1' }), ['Kürzel', 'Größe', 'y'], expect.stringContaining('(latin1)')]);
  // One byte that is none of UTF-8 in a file of UTF-8 is a fault of the file, and has its place.
  const torn = Buffer.concat([Buffer.from(text), Buffer.from([0xff]), Buffer.from(',1,0\n')]);
  await expect(withProjectOf(made(torn), { target: 'y' }, () => undefined)).rejects.toThrow('not encoded as it is read');
  const wide = await withProjectOf(made(Buffer.from(`\uFEFF${text}`, 'utf16le')), { target: 'y' }, ({ choices }) => choices);
  expect([wide.types, wide.warnings.filter((one) => one.includes('encoding'))]).toEqual([windows.types, []]);
});

test('a clock of seconds is told, since it is taken as a number', async () => {
  for (const [factor, unit] of [[1, 'seconds'], [1000, 'milliseconds']] as const) {
    const rows = madeRows(240, (random, row) => [row + 1, (1_704_067_200 + row * 3600) * factor, random().toFixed(3), random() > 0.5 ? 1 : 0]);
    const { split, warnings } = await choicesOf({ text: csv(['id', 'created_at', 'x', 'y'], rows) });
    expect([split.by, warnings[0]]).toEqual(['hash', expect.stringContaining(`"created_at" looks like ${unit} since 1970, from 2024-01-01 on`)]);
  }
});

test('cells that look like a template are values, among classes and among numbers', async () => {
  const rows = madeRows(240, (random, row) => [row + 1, row % 40 === 0 ? '{{ 5 }} {% 6 {# 7' : `$${row},500`, random() > 0.5 ? '{{ no 1 }}' : '{% if 2 %}']);
  const { target, features } = await choicesOf({ text: csv(['id', 'price', 'y'], rows) });
  expect([target.classes.map(({ name }) => name).toSorted(), features.map(({ name, kind }) => `${name} ${kind}`)]).toEqual([['{% if 2 %}', '{{ no 1 }}'], ['price number']]);
});

test('a file without a header is told', async () => {
  const rows = madeRows(120, (random) => [random().toFixed(3), random().toFixed(3), random() > 0.5 ? 1 : 0]);
  const { warnings } = await choicesOf({ text: csv(rows[0]!.map(String), rows.slice(1)) });
  expect(warnings[0]).toMatch(/^3 of 3 columns are called like a number, such as "0\.\d+": .* give the file a header$/);
});

/** Puts a CSV text without quotes into a table of a SQLite file, all of it text and empty cells missing, as its shell imports one. */
function imported(text: string): (folder: string) => string {
  const [header, ...rows] = text.trimEnd().split('\n').map((line) => line.split(','));
  return (folder) => {
    const db = new Database(join(folder, 'shop.db'));
    db.exec(`CREATE TABLE visits (${header!.map((name) => `${name} TEXT`).join(', ')})`);
    const insert = db.prepare(`INSERT INTO visits VALUES (${header!.map(() => '?').join(', ')})`);
    db.transaction(() => rows.forEach((row) => insert.run(...row.map((cell) => (cell === '' ? null : cell)))))();
    db.close();
    return `${join(folder, 'shop.db')}#visits`;
  };
}

test('a table of a database that holds all as text is what its file is', async () => {
  const [header, ...lines] = visits().trimEnd().split('\n');
  const text = [`${header},regular`, ...lines.map((line, i) => `${line},${i % 3 === 0 ? 'true' : 'false'}`), ''].join('\n');
  const table = await withProjectOf(imported(text), { target: 'missed' }, ({ choices }) => choices);
  const file = await choicesOf({ text, target: 'missed' });
  expect([table.split, table.target, table.key, table.leftOut.map(({ column }) => column), table.warnings]).toEqual([file.split, file.target, file.key, file.leftOut.map(({ column }) => column), file.warnings]);
  const kinds = (choices: typeof table): readonly string[] => choices.features.map(({ name, kind }) => `${name} ${kind}`);
  // Text cannot be declared as true and false in a database; an entity that is text needs no second column.
  expect(kinds(table)).toEqual(kinds(file).map((one) => one.replace('regular number', 'regular category').replace('customer_id_category', 'customer_id')));
});

test('of two orders in one file one is taken, which is none that no column has', async () => {
  const rows = madeRows(240, (random, row) => [row + 1, `2023/1/${1 + (row % 31)}`, `${1 + (row % 31)}/01/2023`, random().toFixed(3), random() > 0.5 ? 1 : 0]);
  const { place, warnings } = await choicesOf({ text: csv(['id', 'opened', 'closed', 'x', 'y'], rows) });
  expect([place.location, warnings[0]]).toEqual([expect.objectContaining({ dates: 'ymd' }), expect.stringMatching(/^Dates are written year first: "2023\/1\/\d+" in "opened" is read as 2023-01-\d\d$/)]);
});

test('dates that a database holds as text in another order are no days, and it is said what to do', async () => {
  const make = imported(visits().replace(/(\d{4})-(\d{2})-(\d{2})/g, '$2/$3/$1'));
  const { split, warnings } = await withProjectOf(make, { target: 'missed' }, ({ choices }) => choices);
  expect(split.by).toBe('hash');
  expect(warnings[0]).toMatch(/^"visit_date" has dates that are text, written month first \("\d\d\/\d\d\/2024"\): they are no days here; give the table a column, or a view, with 2024-\d\d-\d\d$/);
});

describe('a table of snapshots', () => {
  const choices = choicesOf({ text: visits(), target: 'missed' });

  test('is split by time, with windows that fit its span, and each row is an entity on a day', async () => {
    const { split, key } = await choices;
    expect(key).toEqual({ kind: 'entity', entity: { column: 'customer_id', name: 'customer_id' } });
    expect(split).toMatchObject({ by: 'time', time: { column: 'visit_date' }, knownAt: { column: 'resolved_on', delay: 1 }, windows: { testDays: 15, trainDays: 44 } });
  });

  test('has what is known of a row as features: numbers, categories, and days since other days', async () => {
    const { features } = await choices;
    expect(features.map(({ name, kind }) => `${name} ${kind}`)).toEqual(['customer_id_category category', 'days_since_joined_on number', 'amount number', 'channel category', 'weekday category']);
  });

  test('keeps back what names people, says so, and marks it as sensitive', async () => {
    const { sensitive, leftOut, warnings } = await choices;
    expect(sensitive).toEqual([{ name: 'email', why: 'e-mail addresses' }]);
    expect(leftOut.find(({ column }) => column === 'email')?.why).toContain('they name people');
    expect(warnings.some((one) => one.startsWith('email is left out'))).toBe(true);
  });

  test('loses a copy of the target that is spelt otherwise', async () => {
    const { suspects, warnings } = await choices;
    expect(suspects).toMatchObject([{ column: 'missed_reason', why: 'it is a copy of missed' }]);
    expect(warnings.join()).toContain('missed_reason is suspicious');
  });
});

test('a column that no two rows share and that is called a key is the key, and no feature', async () => {
  const rows = madeRows(100, (random, row) => [`A-${row}`, random().toFixed(2), pick(['x', 'y'], random()), random() > 0.5 ? 1 : 0]);
  const { key, features } = await choicesOf({ text: csv(['order id', 'a', 'b', 'y'], rows), target: 'y' });
  expect(key).toEqual({ kind: 'column', key: { column: 'order id', name: 'order id' }, entity: undefined });
  expect(features.map(({ name }) => name)).toEqual(['a', 'b']);
});

test('a customer who recurs is wholly on one side of a split by hash', async () => {
  const rows = madeRows(300, (random, row) => [row + 1, Math.floor(random() * 100), random().toFixed(2), random() > 0.5 ? 1 : 0]);
  const { key, split } = await choicesOf({ text: csv(['visit_id', 'customer_id', 'a', 'y'], rows), target: 'y' });
  expect(key).toMatchObject({ kind: 'column', key: { column: 'visit_id' }, entity: { column: 'customer_id' } });
  expect(split.by).toBe('hash');
});

test('without a key one is made of all columns but the label', async () => {
  const rows = madeRows(100, (random) => [random().toFixed(2), pick(['x', 'y'], random()), random() > 0.5 ? 1 : 0]);
  const { key } = await choicesOf({ text: csv(['a', 'row_key', 'y'], rows), target: 'y' });
  expect(key).toMatchObject({ kind: 'made', made: { key: 'made_row_key', content: 'row_content' }, columns: [{ profile: { name: 'a' } }, { profile: { name: 'row_key' } }] });
});

test('a key that is asked for and recurs is refused with what was found', async () => {
  const text = csv(['a', 'y'], madeRows(60, (random) => [Math.floor(random() * 5), random() > 0.5 ? 1 : 0]));
  await expect(choicesOf({ text, target: 'y', wishes: { key: 'a' } })).rejects.toMatchObject({ code: 'key-repeats', exitCode: 2, details: { found: '5 different values in 60 rows, 0 of them empty' } });
});

test('too few days are no time, and a birthday is none', async () => {
  const rows = madeRows(100, (random) => [date(Math.floor(random() * 3)), date(Math.floor(-9000 * random())), random().toFixed(2), random() > 0.5 ? 1 : 0]);
  const { split, decided, sensitive } = await choicesOf({ text: csv(['sold_on', 'birth_date', 'a', 'y'], rows), target: 'y' });
  expect(split.by).toBe('hash');
  expect(decided.find(({ about }) => about === 'time')).toMatchObject({ chosen: 'none', why: 'sold_on has 3 different days, too few to test on later ones' });
  expect(sensitive.map(({ name }) => name)).toEqual(['birth_date', 'birth_date_day']);
});

describe('what gives the label away', () => {
  const rows = madeRows(800, (random) => {
    const y = random() > 0.6;
    return [random().toFixed(4), (random() + (y ? 1.001 : 0)).toFixed(4), (random() + (y ? 0.75 : 0)).toFixed(4), (random() + (y ? 0.3 : 0)).toFixed(4), y ? 'gone' : 'here'];
  });
  const choices = choicesOf({ text: csv(['noise', 'total', 'state_result', 'state_age', 'state'], rows), target: 'state' });

  test('by telling it nearly perfectly is left out', async () => {
    const { suspects, features } = await choices;
    expect(suspects.find(({ column }) => column === 'total')?.why).toMatch(/almost perfectly \(AUC 1\.0000\)/);
    expect(features.map(({ name }) => name)).toEqual(['noise', 'state_age']);
  });

  test('by its name is left out where it also tells much, and kept with a word of warning where it does not', async () => {
    const { suspects, warnings } = await choices;
    expect(suspects.map(({ column }) => column)).toEqual(['total', 'state_result']);
    expect(warnings.find((one) => one.startsWith('state_age'))).toBe('state_age is suspicious: by its name it may be an outcome, too. Kept: see whether it is known before the label');
  });
});

test('a number that follows a numeric target, and a class that follows the classes, are left out', async () => {
  const regression = madeRows(300, (random) => {
    const y = random() * 100;
    return [random().toFixed(3), (3 * y + 7 + random() * 0.1).toFixed(3), y.toFixed(3)];
  });
  expect((await choicesOf({ text: csv(['x', 'gross', 'net'], regression), target: 'net' })).suspects.map(({ column }) => column)).toEqual(['gross']);
  const classes = madeRows(300, (random) => {
    const k = Math.floor(random() * 3);
    return [random().toFixed(3), `group ${k}`, pick(['red', 'green', 'blue'], k / 3)];
  });
  expect((await choicesOf({ text: csv(['x', 'tone', 'colour'], classes), target: 'colour' })).suspects).toMatchObject([{ column: 'tone', why: 'it is a copy of colour' }]);
});

test('a column that is missing wherever the label is missing is left out, since it comes with it', async () => {
  const rows = madeRows(300, (random, row) => {
    const known = row % 10 > 0;
    return [random().toFixed(3), known ? random().toFixed(3) : '', known ? Math.round(random() * 1e4) : ''];
  });
  const { suspects, target } = await choicesOf({ text: csv(['x', 'invoice', 'price'], rows), target: 'price' });
  expect(target.missing).toBe(30);
  expect(suspects).toMatchObject([{ column: 'invoice', why: 'it is missing in the rows whose price is missing, so it comes with it' }]);
});

test.each([
  ['columns of one value', (random: () => number) => [1, 'x', random() > 0.5 ? 1 : 0], 'a: it has one value in all 60 rows; b: it has one value in all 60 rows'],
  ['copies of the target', (random: () => number) => ((y) => [y, y === 1 ? 'j' : 'n', y])(random() > 0.5 ? 1 : 0), 'a: it is a copy of y; b: it is a copy of y'],
])('nothing but %s is refused', async (_, make, found) => {
  await expect(choicesOf({ text: csv(['a', 'b', 'y'], madeRows(60, make)), target: 'y' })).rejects.toMatchObject({ code: 'no-features', exitCode: 2, details: { found } });
});

test('fifty rows and twelve positives are divided so that both outcomes train, are held out and test', async () => {
  const rows = madeRows(50, (random, row) => [random().toFixed(3), row % 4 === 0 ? 1 : 0]);
  const { split } = await choicesOf({ text: csv(['x', 'y'], rows), target: 'y' });
  expect(split).toMatchObject({ by: 'hash' });
});
