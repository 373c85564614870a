import type { MetricRecord, RunDetail } from '../registry/records.ts';
import { durationText, figureText, wholeText } from './comparison-numbers.ts';
import type { Section } from './comparison-section.ts';

export interface ShownRun extends RunDetail {
  readonly isChampion: boolean;
  readonly seconds: number | null;
}

/** Everything that is recorded of one run as parts of a page. */
export function runSections(run: ShownRun): readonly Section[] {
  const parts = [about(run), inputs(run), environment(run), steps(run), gates(run), tests(run), metrics(run), slices(run), batches(run), artefacts(run)];
  return parts.filter(({ table = [], notes = [] }) => table.length > 1 || notes.length > 0);
}

function about(run: ShownRun): Section {
  const facts: readonly (readonly [string, string | null])[] = [
    ['as of', run.asOf],
    ['mode', run.mode],
    ['attempt', String(run.attempt)],
    ['status', `${run.status}${run.unfinishedStep === null ? '' : `, in ${run.unfinishedStep}`}${run.exitCode === null ? '' : `, exit code ${run.exitCode}`}`],
    ['published', run.published ? 'its scores are those of its as-of date' : 'no'],
    ['champion', run.isChampion ? 'of the next night' : 'no'],
    ['judged against', run.champion],
    ['warehouse', run.warehouse],
    ['began', run.startedAt],
    ['took', run.seconds === null ? null : durationText(run.seconds)],
  ];
  return { title: `Run ${run.runId}`, words: 2, table: [['', ''], ...facts.flatMap(([name, value]) => (value === null ? [] : [[name, value]]))], notes: run.message === null ? [] : run.message.split('\n') };
}

/** The configuration stands in the JSON; here are the hashes that say whether two runs read the same. */
function inputs({ inputs }: RunDetail): Section {
  const hashes = (kind: string): readonly (readonly string[])[] => Object.entries((inputs[kind] ?? {}) as Record<string, unknown>).map(([name, hash]) => [kind, name, cell(hash)]);
  const config = (inputs['config'] ?? {}) as { task?: unknown; seed?: unknown; label?: { column?: unknown }; model?: { family?: unknown } };
  const facts = [['task', config.task], ['target', config.label?.column], ['model', config.model?.family], ['seed', config.seed], ['code', inputs['code']], ['packages', inputs['packages']], ['node', inputs['node']], ['backend', inputs['backend']]] as const;
  return { title: 'What names it', words: 3, table: [['', '', ''], ...facts.flatMap(([name, value]) => (value === undefined ? [] : [[name, '', cell(value)]])), ...hashes('data'), ...hashes('sql')] };
}

/** Texts as they are, hashes by their beginning. */
function cell(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return /^[0-9a-f]{64}$/.test(text) ? text.slice(0, 12) : text;
}

function environment({ environment }: RunDetail): Section {
  const title = 'Environment';
  if (environment === null) return { title, notes: ['was not recorded'] };
  const commit = environment.commit === null ? 'no checkout' : `${environment.commit.slice(0, 12)}${environment.dirty === true ? ' with changes that were not committed' : ''}`;
  return { title, words: 2, table: [['', ''], ['commit', commit], ['platform', environment.platform], ...Object.entries(environment.versions).map(([name, version]) => [name, version])] };
}

function steps({ steps, unfinishedStep }: RunDetail): Section {
  const rows = steps.map((step) => [step.step, step.status, durationText(step.seconds), durationText(step.cpuSeconds), step.peakMb === null ? '–' : `${step.peakMb.toFixed(0)} MB`, step.rows === null ? '–' : wholeText(step.rows)]);
  const open = unfinishedStep === null ? [] : [[unfinishedStep, 'never ended', '–', '–', '–', '–']];
  return { title: 'Steps', words: 2, table: [['step', 'status', 'took', 'CPU', 'peak', 'rows'], ...rows, ...open] };
}

function gates({ gates }: RunDetail): Section {
  return { title: 'Gates', words: 3, table: [['gate', 'outcome', 'reason'], ...gates.map(({ gate, outcome, reason }) => [gate, outcome, reason])] };
}

function tests({ tests }: RunDetail): Section {
  return { title: 'Tests', words: 4, table: [['test', 'severity', 'outcome', 'message'], ...tests.map(({ test, severity, outcome, message }) => [test, severity, outcome, message ?? ''])] };
}

/** Metrics down, models across, for each batch as a whole. */
function metrics({ metrics }: RunDetail): Section {
  const whole = metrics.filter(({ slice }) => slice === 'all');
  const models = [...new Set(whole.map(({ model, batch }) => `${model}, ${batch}`))].sort(candidateFirst);
  const names = [...new Set(whole.map(({ metric }) => metric))];
  const value = (metric: string, column: string): string => figure(whole.find((one) => one.metric === metric && `${one.model}, ${one.batch}` === column));
  const rows = names.map((name) => [name, ...models.map((column) => value(name, column))]);
  return { title: 'Metrics', table: [['', ...models], ...rows.filter(([, ...values]) => values.some((one) => one !== '–'))] };
}

/** Slices down, metrics across, of the run's own model. */
function slices({ metrics }: RunDetail): Section {
  const own = metrics.filter(({ slice, model }) => slice !== 'all' && model === 'candidate');
  const names = [...new Set(own.filter(({ value }) => value !== null).map(({ metric }) => metric))];
  const found = new Map(own.map((one) => [`${one.slice} ${one.metric}`, one]));
  const rows = [...new Set(own.map(({ slice }) => slice))].map((slice) => [slice, ...names.map((name) => figure(found.get(`${slice} ${name}`)))]);
  return { title: 'Slices', table: [['', ...names], ...rows] };
}

function figure(found: MetricRecord | undefined): string {
  if (found === undefined) return '–';
  const { value, low, high } = found;
  return `${figureText(value)}${typeof low === 'number' && typeof high === 'number' ? ` [${figureText(low)}, ${figureText(high)}]` : ''}`;
}

function candidateFirst(a: string, b: string): number {
  return Number(b.startsWith('candidate')) - Number(a.startsWith('candidate')) || (a < b ? -1 : 1);
}

function batches({ batches }: RunDetail): Section {
  return { title: 'Batches', table: [['batch', 'rows', 'content'], ...batches.map(({ batch, rows, sha256 }) => [batch, wholeText(rows), sha256.slice(0, 12)])] };
}

function artefacts({ artefacts }: RunDetail): Section {
  return { title: 'Artefacts', table: [['file', 'bytes', 'sha256'], ...artefacts.map(({ path, bytes, sha256 }) => [path, wholeText(bytes), sha256.slice(0, 12)])] };
}
