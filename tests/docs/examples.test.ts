import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { openWarehouse } from '../../src/warehouse/open.ts';
import { ROOT, shortenBudget, temporaryFolder } from '../support/job.ts';
import { blocksOf, readPage } from './pages.ts';

let home: string;

beforeAll(() => {
  home = temporaryFolder('examples');
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Does what a page tells of a project, in its order: files are saved at home, commands are run in the checkout. Returns what the commands said. */
function follow(page: string, project: string): string {
  const env = { ...process.env, HOME: home, NODE_OPTIONS: '' };
  return blocksOf(readPage(page)).map(({ file, language, text }) => {
    if (file !== undefined) {
      const path = join(home, file.replace('~/', ''));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    const said = language === 'sh' ? execFileSync('sh', ['-e', '-c', `{\n${text}} 2>&1`], { cwd: ROOT, env, encoding: 'utf8' }).replaceAll(`${home}/`, '…/') : '';
    if (text.includes(' init ')) shortenBudget(join(home, project));
    return said;
  }).join('');
}

/** The lines of the page's first block of output, which is what init says. */
function toldIn(page: string): readonly string[] {
  return (blocksOf(readPage(page)).find(({ language }) => language === 'text')?.text ?? '').trimEnd().split('\n');
}

describe('the example of a regression', () => {
  let said: string;
  beforeAll(() => {
    said = follow('docs/example-regression.md', 'flats');
  });

  test('runs as it is written, and init says what the page says', () => {
    expect(toldIn('docs/example-regression.md').filter((line) => !said.includes(line))).toEqual([]);
    expect(said).toContain('Done: published 120 scores');
  });

  test('joins scores and flats by the key that was made', async () => {
    const sql = blocksOf(readPage('docs/example-regression.md')).find(({ language }) => language === 'sql')?.text ?? '';
    const warehouse = await openWarehouse({ kind: 'sqlite', file: join(home, 'flats/data/warehouse.db'), readOnly: true });
    try {
      const rows = await warehouse.rows(sql);
      expect(rows).toHaveLength(120);
      expect(Number(rows[0]?.['rent'])).toBeGreaterThan(Number(rows.at(-1)?.['rent']));
    } finally {
      await warehouse.close();
    }
  });
});

describe('the example of a multiclass table', () => {
  let said: string;
  beforeAll(() => {
    said = follow('docs/example-multiclass.md', 'tickets');
  });

  test('runs as it is written, and init says what the page says', () => {
    expect(toldIn('docs/example-multiclass.md').filter((line) => !said.includes(line))).toEqual([]);
    expect(said).toContain('Done: published 50 scores of 2024-04-29');
  });

  test('has the configuration and the columns of scores of the page', () => {
    const blocks = blocksOf(readPage('docs/example-multiclass.md'));
    expect(readFileSync(join(home, 'tickets/pipeline.yaml'), 'utf8')).toContain(blocks.find(({ language }) => language === 'yaml')?.text);
    const [file = ''] = readdirSync(join(home, 'tickets/data/scores'));
    const [header] = parse(readFileSync(join(home, 'tickets/data/scores', file), 'utf8'));
    expect(blocks.at(-1)?.text).toBe(`${(header ?? []).join(',')}\n`);
  });
});
