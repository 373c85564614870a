import { type FlowStep, type JobFlow, jobGraph, stepGraph } from './job-flow.ts';
import { mermaidChart } from './mermaid.ts';
import { markdownTable, markdownText } from '../markdown-table.ts';

/** The page `docs/flow.md`: the job's chart, and for each step what it reads, makes and says of itself. */
export function flowPage(flow: JobFlow): string {
  const parts = [
    `# Flow of ${flow.name}`,
    'Drawn by `npm run docs` from the steps and their SQL. Not written by hand: change the steps and draw it again.',
    markdownText(flow.about),
    'Sources, the steps in their order, and what passes between them; what is published has a thick border. The same chart as a picture: [flow.svg](flow.svg).',
    mermaidChart(jobGraph(flow), 'TD'),
    ...flow.steps.flatMap((step) => stepSection(step, flow)),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function stepSection(step: FlowStep, flow: JobFlow): readonly string[] {
  const from = step.reads.length === 0 ? 'nothing' : list(step.reads);
  const results = step.writes.filter((name) => !step.scripts.some((script) => script.name === name));
  return [
    `## ${step.name}`,
    markdownText(step.about.replace(/\.?$/, '.')),
    `Reads ${from}.${results.length === 0 ? '' : ` Writes ${list(results)}.`}`,
    ...(step.scripts.length === 0 ? [] : [mermaidChart(stepGraph(step, flow), 'LR'), scriptTable(step)]),
    ...(step.tests.length === 0 ? [] : [testTable(step)]),
  ];
}

function scriptTable({ scripts }: FlowStep): string {
  return markdownTable(['relation', 'what it holds', 'reads'], scripts.map(({ name, file, about, reads }) => [`[${name}](../${file})`, markdownText(about), list(reads)]));
}

function testTable({ tests }: FlowStep): string {
  return markdownTable(['test', 'what holds', 'severity'], tests.map(({ file, about, severity }) => [`[${nameOf(file)}](../${file})`, markdownText(about), severity]));
}

function nameOf(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

function list(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
