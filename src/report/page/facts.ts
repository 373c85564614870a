import type { FeatureDrift } from '../../evaluation/drift.ts';
import { QUANTILES } from '../../evaluation/drift-profile.ts';
import type { RunDetail } from '../../registry/records.ts';
import { trainingChart } from './curve-charts.ts';
import { type Html, type Part, html, join, nothing } from './html.ts';
import type { ProfileLine, RunReport } from './run-report.ts';
import { facts, folded, table } from './table.ts';
import { mark } from './verdict.ts';
import { type Tone, bytes, count, figure, instant, megabytes, percent, seconds } from './words.ts';

/** What was trained, and how it went. */
export function modelBody({ model }: RunReport): Html {
  if (model === null) return html`<p class="note">The run left no model of its own.</p>`;
  const { family, folder, summary, blend } = model;
  const told: (readonly [string, Part])[] = [
    ['family', family],
    ['trained by', summary.backend],
    ['rows trained on', count(summary.rows)],
    ['rows held out', count(summary.validationRows)],
    ['parameters', count(summary.parameters)],
    [`${summary.unit}s`, `${count(summary.bestRound)} kept of ${count(summary.rounds)}`],
    ['folder', html`<code>${folder}</code>`],
  ];
  return html`${facts(told)}
${blend.length === 0 ? null : html`<h3>Blend</h3>${table({ caption: 'Members of the blend', head: ['member', 'weight'], rows: blend.map(({ name, weight }) => [name, percent(weight, 1)]) })}`}
${summary.notes.length === 0 ? null : html`<h3>Notes</h3><ul class="quiet">${summary.notes.map((note) => html`<li>${note}</li>`)}</ul>`}
<div class="figures">${trainingChart(summary)}</div>`;
}

const DRIFTS: Readonly<Record<FeatureDrift['verdict'], Tone>> = { none: 'good', warn: 'warn', block: 'bad', 'too few': 'calm' };

/** How far features and scores have moved; nothing where it was not measured. */
export function driftBody({ drift: found }: RunReport): Html {
  if (found.length === 0) return nothing;
  const sorted = [...found].sort((a, b) => (b.drift ?? 0) - (a.drift ?? 0));
  return html`<p class="note">Of what was scored, against what the model was trained on: the population stability index, less what chance gives it.</p>
${table({ caption: 'Drift', head: ['feature', 'verdict', 'stability index'], words: [1], rows: sorted.map(({ feature, verdict, drift }) => [feature, mark({ tone: DRIFTS[verdict], word: verdict }), figure(drift)]) })}`;
}

/** The batches and the features that they are made of. */
export function dataBody({ batches, project, profile }: RunReport): Html {
  const { number, category } = project.features;
  return html`${table({ caption: 'Batches', head: ['batch', 'days', 'rows', 'content'], words: [1, 3], rows: batches.map(({ batch, days, rows, sha256 }) => [batch, days, rows === null ? '–' : count(rows), sha256 === null ? '–' : html`<code title="${sha256}">${sha256.slice(0, 12)}</code>`]) })}
<p class="note">The label is ${project.label}. ${count(number.length)} numbers and ${count(category.length)} categories feed the model${project.sensitive.length === 0 ? '' : `; values of ${project.sensitive.join(', ')} are shown nowhere`}.</p>
${profile.length === 0 ? null : profileTables(profile)}
${folded(`${count(number.length + category.length)} features`, table({ caption: 'Features', head: ['feature', 'kind'], words: [1], rows: [...number.map((name) => [name, 'number']), ...category.map((name) => [name, 'category'])] }))}`;
}

/** Columns of training rows: quantiles of numbers, the most frequent values of categories. */
function profileTables(profile: readonly ProfileLine[]): Html {
  const share = (value: number): string => percent(value, 1);
  const numeric = profile.flatMap(({ feature, missing, quantiles }) => (quantiles === undefined ? [] : [[feature, share(missing), ...SHOWN_QUANTILES.map((at) => figure(quantiles[QUANTILES.indexOf(at)] ?? null))]]));
  const others = profile.filter(({ quantiles }) => quantiles === undefined).map(({ feature, missing, values = [], rest = 0 }) => [feature, share(missing), `${values.map(({ value, share: part }) => `${value} ${share(part)}`).join(', ')}${rest > 0 ? ` and ${count(rest)} more` : ''}`]);
  return html`${numeric.length === 0 ? null : folded('Numbers in training', table({ caption: 'Numbers in training', head: ['feature', 'missing', 'least', '5%', 'median', '95%', 'most'], rows: numeric }))}
${others.length === 0 ? null : folded('Categories in training', table({ caption: 'Categories in training', head: ['feature', 'missing', 'most frequent'], words: [2], rows: others }))}`;
}

const SHOWN_QUANTILES = [0, 0.05, 0.5, 0.95, 1] as const;

const TESTS: Readonly<Record<string, Tone>> = { pass: 'good', passed: 'good', ok: 'good', fail: 'bad', failed: 'bad', warn: 'warn', waits: 'calm', skipped: 'calm' };

/** The batch's own tests. */
export function testsBody({ run: { tests } }: RunReport): Html {
  if (tests.length === 0) return html`<p class="note">The run did not come as far as the batch’s tests.</p>`;
  return table({ caption: 'Tests of the batch', head: ['test', 'outcome', 'severity', 'says'], words: [1, 2, 3], rows: tests.map(({ test, outcome, severity, message }) => [test, mark({ tone: TESTS[outcome] ?? 'calm', word: outcome }), severity, html`<span class="said">${message ?? ''}</span>`]) });
}

/** The time that each step took. */
export function timesBody({ run }: RunReport): Html {
  const longest = Math.max(0, ...run.steps.map((step) => step.seconds));
  if (run.steps.length === 0 && run.unfinishedStep === null) return html`<p class="note">No step had begun.</p>`;
  const rows = run.steps.map((step): readonly Part[] => [step.step, mark({ tone: step.status === 'done' ? 'good' : 'bad', word: step.status }), bar(longest === 0 ? 0 : step.seconds / longest), seconds(step.seconds), seconds(step.cpuSeconds), megabytes(step.peakMb), step.rows === null ? '–' : count(step.rows)]);
  const cut: readonly (readonly Part[])[] = run.unfinishedStep === null ? [] : [[run.unfinishedStep, mark({ tone: 'bad', word: 'never ended' }), '', '–', '–', '–', '–']];
  const total = ['together', '', '', seconds(sum(run.steps, ({ seconds: some }) => some)), seconds(sum(run.steps, ({ cpuSeconds }) => cpuSeconds ?? 0)), '', ''];
  return table({ caption: 'Time of each step', head: ['step', 'status', '', 'time', 'CPU', 'peak memory', 'rows'], words: [1, 2], rows: [...rows, ...cut, total] });
}

function bar(part: number): Html {
  return html`<div class="part"><i style="--w:${part.toFixed(3)}"></i></div>`;
}

function sum<T>(items: readonly T[], of: (one: T) => number): number {
  return items.reduce((total, one) => total + of(one), 0);
}

/** Everything that the run was made of and made. */
export function provenanceBody({ run }: RunReport): Html {
  const { environment, inputs } = run;
  const told: (readonly [string, Part])[] = [
    ['run', html`<code>${run.runId}</code>`],
    ['attempt', `${run.attempt}, ${run.mode}`],
    ['began and ended', `${instant(run.startedAt)}, ${instant(run.endedAt)}`],
    ['commit', environment?.commit == null ? 'no checkout' : html`<code>${environment.commit.slice(0, 12)}</code>${environment.dirty === true ? ', with changes not committed' : ''}`],
    ['system', environment === null ? '–' : `${environment.platform}, Node ${environment.versions['node'] ?? ''}`],
    ['warehouse, backend', `${run.warehouse}, ${textOf(inputs['backend'])}`],
    ['seed', textOf((inputs['config'] as { seed?: unknown } | undefined)?.seed)],
    ['code', html`<code>${textOf(inputs['code']).slice(0, 12)}</code>`],
  ];
  return join([facts(told), hashes('Data fingerprints', inputs['data']), hashes('SQL', inputs['sql']), artefacts(run), versions(run), settings(inputs['config'])]);
}

function hashes(title: string, named: unknown): Html {
  const pairs = Object.entries((named ?? {}) as Record<string, unknown>);
  if (pairs.length === 0) return nothing;
  return html`<h3>${title}</h3>${table({ caption: title, head: ['name', 'hash'], words: [1], rows: pairs.map(([name, hash]) => [name, html`<code>${short(textOf(hash))}</code>`]) })}`;
}

function artefacts({ artefacts: made }: RunDetail): Html {
  if (made.length === 0) return nothing;
  return folded(`${count(made.length)} files that the run made`, table({ caption: 'Files that the run made', head: ['file', 'size', 'hash'], words: [2], rows: made.map(({ path, bytes: size, sha256 }) => [path, bytes(size), html`<code>${short(sha256)}</code>`]) }));
}

function versions({ environment }: RunDetail): Html {
  if (environment === null) return nothing;
  return folded('Versions', table({ caption: 'Versions', head: ['package', 'version'], words: [1], rows: Object.entries(environment.versions) }));
}

function settings(config: unknown): Html {
  if (config === undefined) return nothing;
  return folded('Configuration, with every default', html`<pre tabindex="0" role="region" aria-label="Configuration">${JSON.stringify(config, null, 1)}</pre>`);
}

/** Enough of a hash to tell it by. */
function short(hash: string): string {
  return hash.length > 32 ? hash.slice(0, 16) : hash;
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : value === undefined || value === null ? '–' : JSON.stringify(value);
}
