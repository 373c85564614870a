import type { GateRecord } from '../../registry/records.ts';
import { type Html, type Part, html } from './html.ts';
import type { RunReport } from './run-report.ts';
import { facts, table } from './table.ts';
import { type Outcome, SIGNS, type Tone, count, figure, outcomeOf, signed } from './words.ts';

/** The heading, what the run came to and why, and the few figures that matter most. */
export function verdictOf(report: RunReport): Html {
  const { project, run } = report;
  const outcome = outcomeOf(run);
  return html`<h1><span class="${outcome.tone}">${SIGNS[outcome.tone]} ${outcome.word}${stepWords(report)}</span><br>${project.name} as of <span class="whole">${run.asOf}</span></h1>
<p class="lead">${sentence(report)}</p>
${run.message === null ? null : html`<pre tabindex="0" role="region" aria-label="What the run said">${run.message}</pre>`}
${project.about === null ? null : html`<p class="quiet">${project.about}</p>`}
${facts(shortFacts(report))}`;
}

/** A sign, a word and a colour for an outcome. */
export function mark({ tone, word }: Outcome): Html {
  return html`<span class="mark ${tone}"><span class="sign" aria-hidden="true">${SIGNS[tone]}</span>${word}</span>`;
}

/** Another run by its name, as a link where it has a page. */
export function runLink({ links, run }: RunReport, runId: string | null): Part {
  if (runId === null) return 'none';
  if (runId === run.runId) return 'this run';
  const href = links[runId];
  return href === undefined ? html`<code>${runId}</code>` : html`<a href="${href}"><code>${runId}</code></a>`;
}

function stepWords({ run: { status, unfinishedStep, steps } }: RunReport): string {
  const failed = steps.find((step) => step.status !== 'done')?.step ?? unfinishedStep;
  const isCut = status === 'failed' || status === 'killed' || status === 'interrupted';
  return isCut && failed !== null ? ` in ${failed}` : '';
}

function sentence(report: RunReport): Part {
  const { run, scored } = report;
  const rows = scored === null ? 'the fresh rows' : `the ${count(scored.rows)} fresh rows`;
  switch (run.status) {
    case 'done':
      if (run.mode !== 'night') return `${run.mode} did its part. A step alone settles nothing.`;
      return html`${scored !== null && scored.modelRun !== run.runId ? html`The model of ${runLink(report, scored.modelRun)} scored ${rows}.` : `The gates and the batch’s tests held, and this model scored ${rows}.`} ${run.published ? 'They are published.' : 'Another run of the same date has replaced them since.'}`;
    case 'refused':
      return html`The gates refused this model, so the champion, ${runLink(report, scored?.modelRun ?? run.champion)}, scored ${rows} instead. ${run.published ? 'They are published.' : ''}`;
    case 'tried':
      return `${run.exitCode === 0 ? 'Everything held.' : 'The gates refuse this model.'} It was a try: nothing was published.`;
    case 'checks_failed':
      return 'What was made did not hold what was asked of it, so nothing was published. What was published before stands.';
    case 'late':
      return 'A source was late, short or missing, so nothing was trained and nothing was published. What was published before stands.';
    case 'interrupted':
      return 'Somebody asked it to stop. What was published before stands.';
    case 'killed':
      return `The process ended without a word${run.unfinishedStep === null ? '' : `, in the middle of ${run.unfinishedStep}`}. What it had recorded until then is below.${run.published ? ' Its scores are published.' : ' What was published before stands.'}`;
    case 'running':
      return 'It is at work. What it has recorded so far is below.';
    default:
      return 'The run failed. A night is published whole or not at all: what was published before stands.';
  }
}

function shortFacts(report: RunReport): readonly (readonly [string, Part])[] {
  const { run, primary, metrics, differences } = report;
  const own = run.metrics.find(({ model, batch, slice, metric }) => model === 'candidate' && batch === 'test' && slice === 'all' && metric === primary);
  const title = metrics.find(({ name }) => name === primary)?.title ?? primary;
  const measured: [string, Part][] = own === undefined ? [] : [[`${title} on the test batch`, html`<strong>${figure(own.value)}</strong><span class="quiet">${range(own.low, own.high)}</span>`]];
  const against = differences.filter(({ metric, opponent, slice }) => metric === primary && opponent !== 'linear' && slice === null).map(({ opponent, value, low, high }): [string, Part] => [`against the ${opponent}`, html`<strong>${signed(value)}</strong><span class="quiet">${range(low, high)}</span>`]);
  return [...measured, ...against, ['judged against the champion', runLink(report, run.champion)], ['fresh rows scored by', report.scored === null ? 'nobody' : runLink(report, report.scored.modelRun)]];
}

/** An interval in words; nothing where there is none. */
export function range(low: number | null | undefined, high: number | null | undefined): string {
  return low === null || low === undefined || high === null || high === undefined ? '' : `${figure(low)} to ${figure(high)}`;
}

/** Why there is nothing to show: the run ended before, or was a night that only scores. */
export function absent({ run, model }: RunReport, what: string): string {
  return run.status === 'done' && model === null ? 'This night trained no model, so there was none to judge.' : `The run did not come as far as ${what}.`;
}

/** The gates with what they found and why they decided so. */
export function gatesBody(report: RunReport): Html {
  const { run } = report;
  if (run.gates.length === 0) return html`<p class="note">${run.metrics.length === 0 ? absent(report, 'its gates') : 'pipeline.yaml asks for no gates: whatever is trained may go live.'}</p>`;
  return table({
    caption: 'Gates',
    head: ['gate', 'verdict', 'found', 'interval', 'reason'],
    words: [1, 4],
    rows: run.gates.map((gate) => [gate.gate, mark(gateOutcome(gate)), figure(gate.found), range(gate.low, gate.high), html`<span class="said">${gate.reason}</span>`]),
  });
}

const GATES: Readonly<Record<string, Tone>> = { pass: 'good', fail: 'bad', unclear: 'warn', informs: 'calm' };
const GATE_WORDS: Readonly<Record<string, string>> = { pass: 'holds', fail: 'fails', unclear: 'too little to tell' };

function gateOutcome({ outcome }: GateRecord): Outcome {
  return { tone: GATES[outcome] ?? 'calm', word: GATE_WORDS[outcome] ?? outcome };
}
