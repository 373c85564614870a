import { expect, test } from '@jest/globals';
import { tablesIn } from '../../src/bench/table-files.ts';
import { rowsOf } from '../../src/bench/table-rows.ts';
import { type TableShape, countLabelled, shapeOf } from '../../src/bench/table-shape.ts';
import { readAll, withFolder } from '../contract/warehouses.ts';
import { onlyTable, writeTable } from './tables.ts';

/** What a table whose only feature is `x` is taken for by its labels. */
function shapeByLabels(labels: readonly (string | number)[]): Promise<TableShape> {
  return withFolder(async (folder) => {
    const lines = ['x,label', ...labels.map((label) => `1,${label}`)];
    writeTable(folder, 'made', { train: lines, test: lines });
    return shapeOf(await onlyTable(folder));
  });
}

test('a column is a number if all that is in it is numbers, and a category otherwise', async () => {
  await withFolder(async (folder) => {
    writeTable(folder, 'made', { train: ['whole,real,some,dates,mixed,empty,label', '1,-0.5,,2001-06-10,1,,a', '2,1e3,7,2001-06-11,two,,b'], test: ['whole,real,some,dates,mixed,empty,label', '3,1,1,x,y,,a'] });
    const { contract, trainRows } = await shapeOf(await onlyTable(folder));
    expect(Object.fromEntries(contract.features.map(({ name, kind }) => [name, kind]))).toEqual({ whole: 'number', real: 'number', some: 'number', dates: 'category', mixed: 'category', empty: 'number' });
    expect({ label: contract.label, trainRows }).toEqual({ label: 'label', trainRows: 2 });
  });
});

test('two values are a binary task, whose positive is what says yes, or the later', async () => {
  expect(await shapeByLabels(['No', 'Yes', 'No'])).toMatchObject({ contract: { task: 'binary', classes: [] }, positive: 'Yes', negative: 'No' });
  expect(await shapeByLabels(['true', 'unknown'])).toMatchObject({ positive: 'true', negative: 'unknown' });
  expect(await shapeByLabels([1, 2])).toMatchObject({ positive: '1', negative: '2' });
  expect(await shapeByLabels(['stays', 'leaves'])).toMatchObject({ positive: 'stays', negative: 'leaves' });
});

test('more than twenty different numbers are a regression, anything else classes in bytewise order', async () => {
  const numbers = Array.from({ length: 21 }, (_, i) => i + 1);
  expect(await shapeByLabels(numbers)).toMatchObject({ contract: { task: 'regression', classes: [] }, positive: undefined });
  expect(await shapeByLabels(numbers.slice(0, 20))).toMatchObject({ contract: { task: 'multiclass' } });
  const words = numbers.map((number) => `class ${number}`);
  expect((await shapeByLabels(words)).contract).toMatchObject({ task: 'multiclass', classes: [...words].sort() });
});

test('rows come as the contract wants them: 0 and 1 for two values, text for classes', async () => {
  await withFolder(async (folder) => {
    writeTable(folder, 'two', { train: ['x,c,label', '1,,no', ',b,yes'], test: ['x,c,label', '2,b,yes'] });
    const files = await onlyTable(folder);
    const shape = await shapeOf(files);
    expect((await readAll(rowsOf(files.train, shape)())).columns).toEqual({ x: [1, null], c: [null, 'b'], label: [0, 1] });
    expect((await readAll(rowsOf(files.test, shape)())).columns).toEqual({ x: [2], c: ['b'], label: [1] });
  });
});

test('what is wrong with a table is told with the file', async () => {
  await withFolder(async (folder) => {
    await expect(tablesIn(`${folder}/not-there`, [])).rejects.toMatchObject({ code: 'bench-no-folder', exitCode: 2, message: expect.stringContaining('not-there') });
    await expect(tablesIn(folder, [])).rejects.toMatchObject({ code: 'bench-no-tables' });
    writeTable(folder, 'alone', { train: ['x,y', '1,2'] });
    await expect(tablesIn(folder, [])).rejects.toMatchObject({ code: 'bench-no-test', message: expect.stringContaining('alone.test.csv') });
    await expect(tablesIn(folder, ['alon'])).rejects.toMatchObject({ code: 'bench-no-table', message: expect.stringContaining('did you mean alone?') });
    writeTable(folder, 'alone', { train: ['x,y', '1,2'], test: ['x,z', '1,2'] });
    await expect(tablesIn(folder, [])).rejects.toMatchObject({ code: 'bench-headers', message: expect.stringMatching(/alone\.test\.csv, line 1[\s\S]*x, z[\s\S]*x, y/) });
    writeTable(folder, 'alone', { train: ['y', '1'], test: ['y', '1'] });
    await expect(tablesIn(folder, [])).rejects.toMatchObject({ code: 'bench-table-invalid' });
  });
});

test('a row without a label is an error that names its line, in either file', async () => {
  await withFolder(async (folder) => {
    writeTable(folder, 'gap', { train: ['x,y', '1,a', '2,'], test: ['x,y', '1,a', '1,b', '2,'] });
    const files = await onlyTable(folder);
    await expect(shapeOf(files)).rejects.toMatchObject({ code: 'bench-unlabelled', message: expect.stringContaining('gap.train.csv, line 3') });
    await expect(countLabelled(files.test, 2)).rejects.toMatchObject({ code: 'bench-unlabelled', message: expect.stringContaining('gap.test.csv, line 4') });
  });
});

test('labels that are all the same, and labels that training never saw, are errors', async () => {
  await expect(shapeByLabels(['a', 'a'])).rejects.toMatchObject({ code: 'bench-label-single', message: expect.stringContaining('made.train.csv') });
  await withFolder(async (folder) => {
    writeTable(folder, 'new', { train: ['x,y', '1,a', '2,b', '3,c'], test: ['x,y', '1,d'] });
    const files = await onlyTable(folder);
    await expect(readAll(rowsOf(files.test, await shapeOf(files))())).rejects.toMatchObject({ code: 'bench-label-unknown', message: expect.stringMatching(/new\.test\.csv[\s\S]*found: +d/) });
  });
});
