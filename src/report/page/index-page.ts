import { documentOf } from './document.ts';
import { type Html, type Part, html } from './html.ts';
import { metricChart, stepTimesChart } from './night-charts.ts';
import type { IndexRun, RunIndex } from './run-report.ts';
import { table } from './table.ts';
import { mark, range } from './verdict.ts';
import { count, figure, outcomeOf, seconds } from './words.ts';

/** The page over all runs: how the model did night by night, what the nights took, and a line for each run. */
export function indexPage(index: RunIndex): string {
  const { project, runs, champion } = index;
  const last = runs.find(({ mode }) => mode === 'night');
  return documentOf({
    title: `${project.name}: all runs`,
    header: html`<p>${project.name}</p>`,
    opening: html`<h1>All runs of ${project.name}</h1>
${project.about === null ? null : html`<p class="lead">${project.about}</p>`}
<p>${last === undefined ? 'No night has run yet.' : html`The last night, ${last.asOf}: ${mark(outcomeOf(last))}.`} ${champion === null ? 'There is no champion.' : html`Champion of the next night: ${linkTo(runs, champion)}.`}</p>`,
    sections: [
      { id: 'metric', title: `${index.metric.title} over nights`, body: overNights(index) },
      { id: 'times', title: 'Step times over nights', body: timesOverNights(runs) },
      { id: 'runs', title: 'Runs', body: listOf(index) },
    ],
    footer: 'Written by Nightshift from the record of runs. The file loads nothing and runs nothing.',
  });
}

function linkTo(runs: readonly IndexRun[], runId: string): Part {
  const page = runs.find((run) => run.runId === runId)?.page;
  return page == null ? html`<code>${runId}</code>` : html`<a href="${page}"><code>${runId}</code></a>`;
}

/** The nights that were measured, in the order of their dates; of a date that ran more than once, the published run or the last. */
export function nightsOf(runs: readonly IndexRun[]): readonly IndexRun[] {
  const byDate = new Map<string, IndexRun>();
  for (const run of runs.filter(({ mode }) => mode === 'night')) {
    const held = byDate.get(run.asOf);
    if (held === undefined || (run.published && !held.published)) byDate.set(run.asOf, run);
  }
  return [...byDate.values()].sort((a, b) => (a.asOf < b.asOf ? -1 : 1));
}

function overNights({ runs, metric }: RunIndex): Html {
  const nights = nightsOf(runs).filter(({ value }) => value !== null);
  return nights.length === 0 ? html`<p class="note">No night has been measured yet.</p>` : metricChart(nights, metric);
}

function timesOverNights(runs: readonly IndexRun[]): Html {
  const nights = nightsOf(runs).filter(({ steps }) => steps.length > 0);
  return nights.length === 0 ? html`<p class="note">No night has run yet.</p>` : stepTimesChart(nights);
}

function listOf({ runs, total, metric }: RunIndex): Html {
  const more = total > runs.length ? html`<p class="note">The latest ${count(runs.length)} of ${count(total)} runs.</p>` : null;
  return html`${more}${table({
    caption: 'Runs',
    head: ['run', 'outcome', 'mode', metric.title, 'interval', 'champion', 'time', 'says'],
    words: [1, 2, 5, 7],
    rows: runs.map((run) => [linkTo(runs, run.runId), mark(outcomeOf(run)), run.mode, figure(run.value), html`<span class="quiet">${range(run.low, run.high)}</span>`, run.wasChampion ? '◆' : '', seconds(run.steps.length === 0 ? null : run.steps.reduce((sum, step) => sum + step.seconds, 0)), html`<span class="said">${(run.message ?? '').split('\n')[0]}</span>`]),
  })}`;
}
