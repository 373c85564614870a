import { markdownTable, markdownText as withoutTags } from './markdown-table.ts';
import type { RunReport } from './page/run-report.ts';
import { count, figure, outcomeOf, signed } from './page/words.ts';

/** The card of a run's model, in Markdown: what it is for, what it rests on, how it did, and how to make it again. */
export function modelCard(report: RunReport): string {
  const { project, run } = report;
  const parts = [
    `# ${markdownText(project.name)}: model of run ${run.runId}`,
    section('Purpose', project.about === null ? 'Nothing is said in `about:` of pipeline.yaml.' : markdownText(project.about)),
    section('Limits', limits(report)),
    section('Data', data(report)),
    section('Model', model(report)),
    section('How it did', metrics(report)),
    section('Slices', slices(report)),
    section('Decision', decision(report)),
    section('To make it again', again(report)),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function section(title: string, body: string): string {
  return body === '' ? '' : `## ${title}\n\n${body}`;
}

function limits({ project }: RunReport): string {
  const said = project.limits === null ? [] : [markdownText(project.limits)];
  const hidden = project.sensitive.length === 0 ? [] : [`Values of ${project.sensitive.map(code).join(', ')} feed or name rows, and are shown nowhere.`];
  return [...said, ...hidden, 'It was measured on the test batch below and on nothing else: how it does on other rows, and whether its scores should decide anything about people, these figures do not say.'].join('\n\n');
}

function data({ project, batches, run }: RunReport): string {
  const { number, category } = project.features;
  const table = markdownTable(['batch', 'days', 'rows'], batches.map(({ batch, days, rows }) => [batch, days, rows === null ? '–' : count(rows)]));
  const named = (names: readonly string[]): string => names.map(code).join(', ');
  return [`As of ${run.asOf}: nothing that was not known before that day is used. Label: ${code(project.label)} (${project.task}).`, table, `Numbers: ${number.length === 0 ? 'none' : named(number)}.`, `Categories: ${category.length === 0 ? 'none' : named(category)}.`].join('\n\n');
}

function model({ model: its }: RunReport): string {
  if (its === null) return '';
  const { family, summary, blend } = its;
  const lines = [`Family ${code(family)}, trained by ${summary.backend}: ${count(summary.parameters)} parameters, ${count(summary.rows)} rows, ${count(summary.validationRows)} more held out, ${summary.unit} ${summary.bestRound} of ${summary.rounds} kept.`];
  if (blend.length > 0) lines.push(`Blend: ${blend.map(({ name, weight }) => `${name} ${(weight * 100).toFixed(1)}%`).join(', ')}.`);
  return lines.join('\n\n');
}

const MODELS = ['candidate', 'champion', 'reference', 'linear', 'rule', 'baseline'] as const;

function metrics({ run, metrics: info, primary, differences }: RunReport): string {
  const of = (model: string, metric: string) => run.metrics.find((one) => one.model === model && one.slice === 'all' && one.batch === 'test' && one.metric === metric);
  const models = MODELS.filter((model) => info.some(({ name }) => of(model, name)?.value != null));
  if (models.length === 0) return 'It was not measured.';
  const rows = info.filter(({ name }) => models.some((model) => of(model, name)?.value != null)).map(({ name, title }) => [name === primary ? `**${title}**` : title, ...models.map((model) => withRange(of(model, name)))]);
  const compared = differences.map(({ opponent, metric, slice, value, low, high, level, tooFew }) => [opponent, metric, markdownText(slice ?? 'all'), signed(value), tooFew === null ? `${figure(low)} to ${figure(high)}` : `too few: ${tooFew}`, `${level * 100}%`]);
  return [markdownTable(['test batch', ...models.map((model) => (model === 'candidate' ? 'this model' : model))], rows), compared.length === 0 ? '' : markdownTable(['against', 'metric', 'slice', 'difference', 'interval', 'level'], compared)].filter((part) => part !== '').join('\n\n');
}

function withRange(record: RunReport['run']['metrics'][number] | undefined): string {
  return record?.low == null || record.high == null ? figure(record?.value) : `${figure(record.value)} (${figure(record.low)} to ${figure(record.high)})`;
}

function slices({ run, primary, metrics: info }: RunReport): string {
  const of = run.metrics.filter(({ model, slice, batch }) => model === 'candidate' && slice !== 'all' && batch === 'test');
  const title = info.find(({ name }) => name === primary)?.title ?? primary;
  const rows = of.filter(({ metric }) => metric === primary).map(({ slice, ...record }) => [markdownText(slice), figure(of.find((one) => one.slice === slice && one.metric === 'rows')?.value), withRange({ slice, ...record })]);
  return rows.length === 0 ? '' : markdownTable(['slice', 'rows', title], rows);
}

function decision({ run }: RunReport): string {
  const gates = run.gates.map(({ gate, outcome, reason }) => [gate, outcome, markdownText(reason)]);
  const word = `The run: ${outcomeOf(run).word.toLowerCase()}. It was judged against ${run.champion === null ? 'no champion: there was none' : `the champion ${code(run.champion)}`}.`;
  return gates.length === 0 ? word : `${word}\n\n${markdownTable(['gate', 'outcome', 'reason'], gates)}`;
}

function again({ run }: RunReport): string {
  const { environment, inputs } = run;
  const commit = environment?.commit == null ? 'the checkout that made it was no git checkout' : `commit ${code(environment.commit)}${environment.dirty === true ? ', with changes that were not committed' : ''}`;
  const sources = Object.entries((inputs['data'] ?? {}) as Record<string, string>).map(([name, hash]) => [code(name), code(hash)]);
  const parts = [
    `With ${commit}, Node ${environment?.versions['node'] ?? 'unknown'}, the packages of its lock file, and sources of these fingerprints:`,
    markdownTable(['source', 'fingerprint'], sources),
    `\`\`\`sh\n./run.sh --as-of ${run.asOf}   # the same inputs are run ${run.runId} again\n\`\`\``,
    'Its configuration is in `pipeline.json` beside this card, its SQL in `sql/`, its files with their hashes in `manifest.json`.',
  ];
  return parts.join('\n\n');
}

/** As text: neither tags nor code. */
function markdownText(text: string): string {
  return withoutTags(text).replaceAll('`', '\\`');
}

/** As code; a backtick cannot stand in it. */
function code(text: string): string {
  return `\`${text.replaceAll('`', 'ˋ')}\``;
}
