import { expect, test } from '@jest/globals';
import { flowPage } from '../../../src/report/flow/flow-page.ts';
import { flowSvg } from '../../../src/report/flow/flow-svg.ts';
import { type JobFlow, jobGraph, stepGraph } from '../../../src/report/flow/job-flow.ts';
import { mermaidChart } from '../../../src/report/flow/mermaid.ts';

const FLOW: JobFlow = {
  name: 'calls',
  about: 'Who will call.',
  sources: ['customers'],
  steps: [
    {
      name: '01-extract',
      about: 'Sources to "features" & more',
      scripts: [
        { name: 'rows', file: 'steps/01-extract/rows.sql', about: 'The rows | of the night.', reads: ['customers'] },
        { name: 'features', file: 'steps/01-extract/features.sql', about: 'What is known.', reads: ['rows', 'customers'] },
      ],
      tests: [],
      reads: ['customers'],
      writes: ['rows', 'features'],
    },
    { name: '02-score', about: 'Features to scores.', scripts: [], tests: [], reads: ['features'], writes: ['scores'] },
    { name: '03-test', about: 'Tests', scripts: [], tests: [{ file: 'steps/03-test/in_range.sql', about: 'Scores lie in range.', severity: 'error' }], reads: ['scores'], writes: [] },
  ],
};

test('the chart of a job shows what passes between steps, and leaves out what a step keeps to itself', () => {
  const { nodes, edges } = jobGraph(FLOW);
  expect(nodes.map(({ name, kind }) => `${name} ${kind}`)).toEqual(['customers source', '01-extract step', 'features relation', '02-score step', 'scores relation', '03-test step']);
  expect(edges).toEqual([['customers', '01-extract'], ['01-extract', 'features'], ['features', '02-score'], ['02-score', 'scores'], ['scores', '03-test']]);
});

test('what no step reads is an output of the job', () => {
  const kinds = new Map(jobGraph({ ...FLOW, steps: FLOW.steps.slice(0, 2) }).nodes.map(({ name, kind }) => [name, kind]));
  expect(kinds.get('scores')).toBe('output');
});

test('the chart of a step leads from what it takes to what other steps read of it', () => {
  const step = FLOW.steps[0];
  if (step === undefined) throw new Error('no step');
  const { nodes, edges } = stepGraph(step, FLOW);
  expect(nodes.map(({ name, kind }) => `${name} ${kind}`)).toEqual(['customers source', 'rows relation', 'features output']);
  expect(edges).toEqual([['customers', 'rows'], ['rows', 'features'], ['customers', 'features']]);
});

test('Mermaid gets no character that it would read as its own', () => {
  expect(mermaidChart(jobGraph(FLOW), 'TD')).toContain('n1["<b>01-extract</b><br/>Sources to #34;features#34; #38; more"]');
});

test('the page has the job’s chart, a chart for each step with SQL, and what scripts and tests say of themselves', () => {
  const page = flowPage(FLOW);
  expect(page.match(/```mermaid/g)).toHaveLength(2);
  expect(page).toContain('| [rows](../steps/01-extract/rows.sql) | The rows \\| of the night. | `customers` |');
  expect(page).toContain('| [in_range.sql](../steps/03-test/in_range.sql) | Scores lie in range. | error |');
  expect(page).toContain('Sources to "features" & more.\n');
  expect(page).toContain('Features to scores.\n');
});

test('the picture is the same bytes each time, names every node and carries its own colours for light and dark', async () => {
  const svg = await flowSvg(FLOW);
  expect(await flowSvg(FLOW)).toBe(svg);
  for (const text of ['customers', '01&#45;extract', 'Sources to &quot;features&quot; &amp; more', 'scores']) expect(svg).toContain(`>${text}</text>`);
  expect(svg).toContain('prefers-color-scheme: dark');
  expect(svg).not.toMatch(/<!--|font-family="/);
});
