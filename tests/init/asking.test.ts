import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Question } from '../../src/init/asking.ts';
import { type Made, makeProject } from '../../src/init/init.ts';
import { ROOT, temporaryFolder } from '../support/job.ts';
import { csv, date, madeRows, pick } from './made.ts';

/** Makes a project of a table, asked as on a terminal; returns what was asked. */
async function asked(answers: Readonly<Record<string, string>>): Promise<{ readonly made: Made; readonly questions: readonly Question[] }> {
  const folder = temporaryFolder('init asking');
  const questions: Question[] = [];
  try {
    mkdirSync(join(folder, 'in'));
    writeFileSync(join(folder, 'in/t.csv'), csv(['id', 'day', 'code', 'a', 'grade'], madeRows(200, (random, row) => [row + 1, date(Math.floor(row / 10)), `c${row}`, random().toFixed(2), pick([1, 2, 3], random())])));
    const made = await makeProject({
      folder: join(folder, 'made'),
      from: join(folder, 'in/t.csv'),
      root: ROOT,
      wishes: { target: undefined, task: undefined, key: undefined, time: undefined, warehouse: undefined },
      ask: async (question) => {
        questions.push(question);
        return answers[question.about] ?? question.fallback;
      },
      progress: () => undefined,
    });
    return { made, questions };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('target, task, time and key are asked for in this order, each with a guess, and an empty answer takes it', async () => {
  const { made, questions } = await asked({});
  expect(questions.map(({ about, fallback }) => `${about} ${fallback}`)).toEqual(['target grade', 'task regression', 'time day', 'key id']);
  expect(made.choices).toMatchObject({ target: { column: 'grade', task: 'regression' }, split: { by: 'time' }, key: { kind: 'column', key: { column: 'id' } } });
});

test('other answers are taken', async () => {
  const { made } = await asked({ task: 'multiclass', time: 'none', key: 'code' });
  expect(made.choices).toMatchObject({ target: { task: 'multiclass' }, split: { by: 'hash' }, key: { kind: 'column', key: { column: 'code' } } });
  expect((await asked({ key: 'none' })).made.choices.key.kind).toBe('made');
});
