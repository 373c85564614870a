import { expect, test } from '@jest/globals';
import { modelCard } from '../../src/report/card.ts';
import { HOSTILE, reportOf } from './page/made.ts';

const card = modelCard(reportOf());

test('a card has purpose, limits, data, model, figures, slices, decision and how to make it again', () => {
  expect(card.match(/^#+ .*/gm)).toEqual(['# flights: model of run 2001-06-10-aaaaaaaa', '## Purpose', '## Limits', '## Data', '## Model', '## How it did', '## Slices', '## Decision', '## To make it again']);
});

test('limits of pipeline.yaml and sensitive columns are told', () => {
  expect(card).toContain('Not for travel.');
  expect(card).toContain('Values of `email`');
});

test('metrics have their intervals and stand beside the champion’s and the baseline’s', () => {
  expect(card).toContain('| test batch | this model | champion | baseline |');
  expect(card).toMatch(/\| \*\*AUC\*\* \| 0\.\d{4} \(0\.\d{4} to 0\.\d{4}\) \|/);
});

test('the commit, changes that were not committed, the fingerprints and the command make it again', () => {
  for (const said of ['d'.repeat(40), 'with changes that were not committed', 'b'.repeat(64), './run.sh --as-of 2001-06-10']) expect(card).toContain(said);
});

test('names from the data can be neither tags nor the end of a cell', () => {
  // Within backticks Markdown reads no tags.
  expect(card.replaceAll('\\`', '').replaceAll(/`[^`]*`/g, '')).not.toMatch(/<script|<img/);
  expect(modelCard({ ...reportOf(), project: { ...reportOf().project, name: 'a|b' } })).toContain('# a|b: model');
  expect(card).toContain(HOSTILE.replaceAll('`', 'ˋ'));
});

test('a run without purpose, metrics or gates has a card that says so', () => {
  const report = reportOf('binary', { metrics: [], gates: [] });
  const bare = modelCard({ ...report, project: { ...report.project, about: null, limits: null }, differences: [] });
  for (const said of ['Nothing is said in `about:`', 'It was not measured.']) expect(bare).toContain(said);
});
