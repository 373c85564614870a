import { expect, test } from '@jest/globals';
import { bytewise } from '../../src/dataset/bytewise.ts';
import { loadConfig } from '../../src/shared/config/load.ts';
import { windowsOf } from '../../src/shared/days.ts';
import { nightRows, vocabularyOf } from '../../src/pipeline/vocabulary.ts';
import { sqliteDialect } from '../../src/warehouse/sqlite/dialect.ts';
import { ROOT } from '../support/job.ts';
import { readPage } from './pages.ts';

test('the page on steps names every name that a script may use, and no other', () => {
  const config = { ...loadConfig(ROOT), params: {} };
  const windows = windowsOf('2001-06-10', config.split, config.lead);
  const names = [...vocabularyOf(sqliteDialect, config, windows, nightRows(windows), new Map()).keys()];
  const table = /\| name \| what it stands for \|\n([\s\S]*?)\n\n/.exec(readPage('docs/steps.md'))?.[1] ?? '';
  const told = table.split('\n').slice(1).flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([a-z_]+)`/g)].map(([, name = '']) => name));
  expect(told.toSorted(bytewise)).toEqual(names.toSorted(bytewise));
});
