import type { MetricRecord } from '../../registry/records.ts';
import { bytewise } from '../../dataset/bytewise.ts';
import { type Html, type Part, html, join, nothing } from './html.ts';
import type { RunReport } from './run-report.ts';
import { table } from './table.ts';
import { absent, range } from './verdict.ts';
import { figure, percent, signed } from './words.ts';

const MODELS = ['candidate', 'champion', 'reference', 'linear', 'rule', 'baseline'] as const;
const HEADS: Readonly<Record<(typeof MODELS)[number], string>> = { candidate: 'this model', champion: 'champion', reference: 'reference', linear: 'linear', rule: 'your rule', baseline: 'baseline' };

/** Every metric of the test batch, of this model and of those that it is held against, and by how much they differ. */
export function metricsBody(report: RunReport): Html {
  const of = cellsOf(report.run.metrics.filter(({ slice, batch }) => slice === 'all' && batch === 'test'));
  const models = MODELS.filter((model) => report.metrics.some(({ name }) => of(model, name)?.value != null));
  if (models.length === 0) return html`<p class="note">${absent(report, 'being measured')}</p>`;
  const rows = report.metrics.filter(({ name }) => models.some((model) => of(model, name)?.value != null));
  const [own, ...others] = models;
  return html`${table({
    caption: 'Metrics of the test batch',
    head: ['metric', HEADS[own!], 'interval', ...others.map((model) => HEADS[model]), 'better'],
    words: [models.length + 2],
    rows: rows.map(({ name, title, direction }) => {
      const record = of(own!, name);
      const interval = html`<span class="quiet">${range(record?.low, record?.high)}</span>`;
      return [name === report.primary ? html`<span class="strong">${title}</span>` : title, figure(record?.value), interval, ...others.map((model) => figure(of(model, name)?.value)), direction === 'none' ? '' : html`<span class="quiet">${direction}</span>`];
    }),
  })}
${differencesTable(report)}`;
}

function cellsOf(metrics: readonly MetricRecord[]): (model: string, metric: string) => MetricRecord | undefined {
  const found = new Map(metrics.map((one) => [`${one.model} ${one.metric}`, one]));
  return (model, metric) => found.get(`${model} ${metric}`);
}

function valueCell(record: MetricRecord | undefined): Part {
  const bounds = range(record?.low, record?.high);
  return html`${figure(record?.value)}${bounds === '' ? null : html` <span class="range">${bounds}</span>`}`;
}

function differencesTable({ differences, metrics }: RunReport): Html {
  if (differences.length === 0) return nothing;
  const titleOf = (metric: string): string => metrics.find(({ name }) => name === metric)?.title ?? metric;
  const hasSlices = differences.some(({ slice }) => slice !== null);
  return html`<h3>Differences on the same rows</h3>
<p class="note">This model less the other, with intervals of a paired bootstrap that hold, at ${percent(differences[0]!.level)}, for all judged comparisons of the night at once. An interval without 0 in it is a difference that chance alone seldom makes.</p>
${table({
    caption: 'Differences on the same rows',
    head: ['against', 'metric', ...(hasSlices ? ['slice'] : []), 'difference', 'interval'],
    words: hasSlices ? [1, 2] : [1],
    rows: differences.map(({ opponent, metric, slice, value, low, high, tooFew }) => [opponent, titleOf(metric), ...(hasSlices ? [slice ?? 'all'] : []), signed(value), tooFew === null ? range(low, high) : `too few: ${tooFew}`]),
  })}`;
}

/** Metrics for the values of each slice column: a table a column. Values of sensitive columns were masked when they were recorded. */
export function slicesBody(report: RunReport): Html {
  const sliced = report.run.metrics.filter(({ slice, batch }) => slice !== 'all' && batch === 'test');
  if (sliced.length === 0) return nothing;
  const columns = [...new Set(sliced.map(({ slice }) => columnOf(slice)))];
  const shown = shownMetrics(report, sliced);
  const hasChampion = sliced.some(({ model, metric }) => model === 'champion' && metric === report.primary);
  return join(columns.map((column) => html`<h3>By ${column}</h3>
${table({
    caption: `Metrics by ${column}`,
    head: [column, ...shown.flatMap(({ name, title }) => (name === report.primary && hasChampion ? [title, `champion’s ${title}`] : [title]))],
    rows: valuesOf(sliced, column).map((value) => {
      const of = cellsOf(sliced.filter(({ slice }) => slice === `${column}=${value}`));
      return [value === '' ? '(missing)' : value, ...shown.flatMap(({ name }) => (name === report.primary && hasChampion ? [valueCell(of('candidate', name)), valueCell(of('champion', name))] : [valueCell(of('candidate', name))]))];
    }),
  })}`));
}

/** Rows first, then the metric that stands for the model, then what else fits beside it. */
function shownMetrics({ metrics, primary }: RunReport, sliced: readonly MetricRecord[]): RunReport['metrics'] {
  const measured = new Set(sliced.filter(({ value }) => value !== null).map(({ metric }) => metric));
  const order = ['rows', primary, 'base_rate', 'log_loss', 'ece', 'precision', 'recall', 'accuracy', 'macro_f1', 'mae', 'r2', 'coverage'];
  return order.filter((name, i) => measured.has(name) && order.indexOf(name) === i).slice(0, 7).flatMap((name) => metrics.find((one) => one.name === name) ?? []);
}

function columnOf(slice: string): string {
  return slice.slice(0, slice.indexOf('='));
}

function valuesOf(sliced: readonly MetricRecord[], column: string): readonly string[] {
  const values = sliced.filter(({ slice }) => columnOf(slice) === column).map(({ slice }) => slice.slice(column.length + 1));
  const isNumeric = values.every((value) => value === '' || Number.isFinite(Number(value)));
  return [...new Set(values)].sort((a, b) => (isNumeric ? Number(a) - Number(b) : bytewise(a, b)));
}
