import { expect, test } from '@jest/globals';
import type { Comparison, ComparedRun } from '../../src/report/comparison.ts';
import { sectionsHtml } from '../../src/report/comparison-html.ts';
import { snakeJson } from '../../src/report/comparison-json.ts';
import { changeText, durationText, figureText } from '../../src/report/comparison-numbers.ts';
import { sectionsMarkdown, sectionsText } from '../../src/report/comparison-section.ts';
import { comparisonSections } from '../../src/report/comparison-tables.ts';
import { outcomeOf } from './page/made.ts';

const [A, B] = ['2001-06-27-aaaa1111', '2001-06-28-bbbb2222'];

function run(runId: string): ComparedRun {
  return { runId, asOf: runId.slice(0, 10), mode: 'night', status: 'done', family: 'linear', published: true, champion: false, seconds: 12, missing: [] };
}

const AUC = { name: 'auc', title: 'AUC', direction: 'higher' } as const;
const LOSS = { name: 'log_loss', title: 'log loss', direction: 'lower' } as const;

const comparison: Comparison = {
  task: 'binary',
  target: 'late',
  runs: [run(A), run(B)],
  metrics: [{ ...AUC, figures: [{ value: 0.7, low: 0.65, high: 0.75 }, { value: 0.72, low: null, high: null }] }],
  outcomes: [null, null],
  paired: {
    rows: 1200, onlyFirst: 3, onlySecond: 0, notes: [], resamples: 1000, level: 0.95,
    metrics: [{ ...AUC, first: 0.7, second: 0.72, difference: 0.02, low: 0.01, high: 0.03 }, { ...LOSS, first: 0.5, second: 0.6, difference: 0.1, low: 0.05, high: 0.2 }, { ...LOSS, title: 'flat', first: 0.5, second: 0.6, difference: 0.1, low: -0.05, high: 0.2 }],
  },
  differences: [{ kind: 'configuration', name: 'model.options.<b>', values: ['1|2', 'x\u001b[31m\ny'] }],
};

test('the table says each metric with its interval and the change against the first run', () => {
  const text = sectionsText(comparisonSections(comparison));
  expect(text).toMatch(/AUC +0\.7000 \[0\.6500, 0\.7500\] +0\.7200 \(\+0\.0200\)/);
  expect(text).toContain('1,200 rows; 3 only in that of 2001-06-27-aaaa1111. Intervals: 95.0%, paired bootstrap of 1,000 resamples.');
});

test('an interval that leaves out 0 says better or worse by the metric’s direction, another that there is no clear change', () => {
  const text = sectionsText(comparisonSections(comparison));
  expect(text).toMatch(/AUC .* \+0\.0100 to \+0\.0300 +better/);
  expect(text).toMatch(/log loss .* worse/);
  expect(text).toMatch(/flat .* no clear change/);
});

test('more than a few runs stand below each other, and a change begins where its run does', () => {
  const ids = ['01', '02', '03', '04', '05'].map((day) => `2001-06-${day}-aaaa1111`);
  const figures = ids.map((_, i) => ({ value: 0.5 + i / 100, low: null, high: null }));
  const text = sectionsText(comparisonSections({ ...comparison, runs: ids.map(run), metrics: [{ ...AUC, figures }], paired: null, differences: [{ kind: 'seed', name: 'seed', values: ['1', '1', '2', '2', '1'] }] }));
  expect(text).toMatch(/2001-06-05-aaaa1111 +0\.5400 \(\+0\.0400\)/);
  expect(text).toContain('1 → 2 (2001-06-03-aaaa1111) → 1 (2001-06-05-aaaa1111)');
});

test('what the models’ scores came to stands beside what was promised; without any there is no such part', () => {
  const outcome = { ...outcomeOf('auc'), nights: 7, labelled: 1500 };
  const text = sectionsText(comparisonSections({ ...comparison, outcomes: [null, outcome] }));
  expect(text).toMatch(/2001-06-27-aaaa1111 +–\n/);
  expect(text).toMatch(/2001-06-28-bbbb2222 +AUC +7 +1,500 +0\.6100 \[0\.5800, 0\.6400\] +0\.7000 +−0\.0900 +below by more than noise/);
  expect(sectionsText(comparisonSections(comparison))).not.toContain('came true');
});

test('what is not comparable says why', () => {
  expect(sectionsText(comparisonSections({ ...comparison, paired: { why: 'no row is shared' } }))).toContain('Not comparable: no row is shared');
});

test('whatever a value holds, it stays on its line in text, a cell in Markdown and text in HTML', () => {
  const sections = comparisonSections(comparison);
  const line = sectionsText(sections).split('\n').find((one) => one.includes('model.options'));
  expect(line).toContain('1|2 → x�[31m y');
  expect(sectionsMarkdown(sections)).toContain('| configuration | model.options.&lt;b> | 1\\|2 → x�[31m y |');
  const html = sectionsHtml('A & B', sections);
  expect(html).toContain('<title>A &amp; B</title>');
  expect(html).toContain('<td class="word">model.options.&lt;b&gt;</td>');
  expect(html).not.toMatch(/<b>|https?:/);
});

test('changes carry their sign, figures their thousands, and nothing is a dash', () => {
  expect([changeText(0.01), changeText(-0.01), changeText(0), changeText(-1200), changeText(0.00001), changeText(null)]).toEqual(['+0.0100', '−0.0100', '0.0000', '−1,200', '0.0000', '–']);
  expect([figureText(1234567), figureText(3), figureText(null)]).toEqual(['1,234,567', '3.0000', '–']);
  expect([durationText(12), durationText(600), durationText(7200), durationText(null)]).toEqual(['12.0 s', '10.0 min', '2.0 h', '–']);
});

test('the keys of JSON are written with underscores, those that people chose stay', () => {
  expect(snakeJson({ runId: 'a', inputs: { 'steps/Rows.sql': 1 }, list: [{ asOf: 'b' }] }, ['inputs'])).toEqual({ run_id: 'a', inputs: { 'steps/Rows.sql': 1 }, list: [{ as_of: 'b' }] });
});
