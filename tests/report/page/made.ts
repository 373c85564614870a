import type { Task } from '../../../src/dataset/contract.ts';
import { figuresOf } from '../../../src/evaluation/figures.ts';
import { metricInfo, metricsOf, primaryMetric } from '../../../src/evaluation/metrics.ts';
import type { EvaluationData } from '../../../src/evaluation/task-metrics.ts';
import type { Outcome } from '../../../src/registry/outcomes.ts';
import type { MetricRecord, RunDetail } from '../../../src/registry/records.ts';
import type { RunReport } from '../../../src/report/page/run-report.ts';
import { Random } from '../../../src/evaluation/random.ts';
import { sampleRows } from '../../evaluation/tables.ts';

/** What somebody who means ill would call a column, a slice, a run's message. */
export const HOSTILE = `<script>alert(1)</script>"'><img src=x onerror=alert(2)>\`\${1}&amp;`;

function rowsOf(task: Task): EvaluationData {
  if (task === 'binary') return sampleRows(2_000, 1);
  const random = new Random(2);
  if (task === 'regression') {
    const predictions = Float64Array.from({ length: 500 }, () => 1_000 * random.uniform());
    return { predictions, labels: predictions.map((value) => value + 50 * random.normal()), margin: 90 };
  }
  const labels = Float64Array.from({ length: 300 }, () => random.below(3));
  const predictions = Float64Array.from([...labels].flatMap((label) => [0, 1, 2].map((one) => (one === label ? 0.5 : 0.25))));
  return { labels, predictions, classes: ['Bern', HOSTILE, 'Rome'] };
}

function metricsFor(task: Task, data: EvaluationData): readonly MetricRecord[] {
  const of = (model: string, slice: string): MetricRecord[] => [...metricsOf(task, data)].map(([metric, value]) => ({ model, batch: 'test', slice, metric, value, ...(metric === primaryMetric(task) && model === 'candidate' ? { low: (value ?? 0) - 0.01, high: (value ?? 0) + 0.01 } : {}) }));
  return [...of('candidate', 'all'), ...of('champion', 'all'), ...of('baseline', 'all'), ...of('candidate', `place=${HOSTILE}`), ...of('candidate', 'place=')];
}

const DETAIL: RunDetail = {
  runId: '2001-06-10-aaaaaaaa',
  attempt: 1,
  asOf: '2001-06-10',
  warehouse: 'sqlite',
  mode: 'night',
  status: 'done',
  exitCode: 0,
  message: null,
  startedAt: '2001-06-10T01:00:00.000Z',
  endedAt: '2001-06-10T01:01:00.000Z',
  champion: '2001-06-09-bbbbbbbb',
  published: true,
  inputs: { as_of: '2001-06-10', config: { seed: 1, about: HOSTILE }, sql: { 'steps/01-extract/rows.sql': 'a'.repeat(64) }, data: { flights: 'b'.repeat(64) }, backend: 'wasm', code: 'c'.repeat(64) },
  environment: { commit: 'd'.repeat(40), dirty: true, versions: { nightshift: '0.1.0', node: '20.19.0' }, platform: 'linux x64' },
  steps: [
    { step: '03-train', status: 'done', startedAt: '2001-06-10T01:00:10.000Z', seconds: 12.3, cpuSeconds: 11, peakMb: 500, rows: 100 },
    { step: '04-evaluate', status: 'done', startedAt: '2001-06-10T01:00:30.000Z', seconds: 1.5, cpuSeconds: 1, peakMb: 120, rows: 2_000 },
  ],
  unfinishedStep: null,
  metrics: [],
  tests: [{ test: 'scores_are_probabilities', severity: 'error', outcome: 'passed', message: HOSTILE }],
  gates: [
    { gate: 'auc at least 0.5', metric: 'auc', outcome: 'pass', found: 0.7, low: null, high: null, expected: 'at least 0.5', reason: HOSTILE },
    { gate: 'auc no worse than champion', metric: 'auc', outcome: 'unclear', found: 0.01, low: -0.02, high: 0.03, expected: 'at least -0.01', reason: 'too few positives' },
    { gate: 'ece at most 0.01', metric: 'ece', outcome: 'fail', found: 0.02, low: null, high: null, expected: 'at most 0.01', reason: 'ece is 0.02' },
  ],
  batches: [],
  artefacts: [{ path: 'models/2001-06-10-aaaaaaaa/model.json', bytes: 2_048, sha256: 'e'.repeat(64) }],
};

/** Scores of one night that came true below their promise. */
export function outcomeOf(metric: string): Outcome {
  return { kind: 'night', name: '2001-06-10', knownAsOf: '2001-06-12', fromAsOf: '2001-06-10', asOf: '2001-06-10', nights: 1, runId: DETAIL.runId, modelRun: DETAIL.runId, rows: 200, labelled: 150, metric, verdict: 'broken', reason: HOSTILE, content: 'f'.repeat(64), metrics: [{ metric, value: 0.61, low: 0.58, high: 0.64, promised: 0.7, promisedLow: 0.68, promisedHigh: 0.72 }] };
}

/** Everything that can be told of a run, with real figures, and names that mean ill wherever data gives names. */
export function reportOf(task: Task = 'binary', run: Partial<RunDetail> = {}): RunReport {
  const data = rowsOf(task);
  const primary = primaryMetric(task);
  return {
    project: { name: 'flights', about: HOSTILE, limits: 'Not for travel.', task, label: 'late', features: { number: ['distance', HOSTILE], category: ['origin'] }, sensitive: ['email'] },
    run: { ...DETAIL, metrics: metricsFor(task, data), ...run },
    primary,
    metrics: metricInfo(task),
    differences: [{ opponent: 'champion', metric: primary, slice: null, value: 0.01, low: -0.002, high: 0.021, level: 0.95, tooFew: null }, { opponent: 'champion', metric: primary, slice: `place=${HOSTILE}`, value: 0.02, low: null, high: null, level: 0.95, tooFew: '12 positives' }],
    scored: { modelRun: run.runId ?? DETAIL.runId, rows: 1_861 },
    model: {
      family: 'gbdt',
      folder: `models/${DETAIL.runId}`,
      summary: { family: 'gbdt', backend: 'threads', rows: 100_000, validationRows: 15_000, unit: 'tree', rounds: 30, bestRound: 20, parameters: 900, curve: Array.from({ length: 30 }, (_, i) => ({ round: i + 1, trainLoss: 1 / (i + 2), validationLoss: 1 / (i + 2) + Math.abs(i - 19) / 100 })), importance: [{ feature: HOSTILE, share: 1 }], notes: [HOSTILE] },
      blend: [],
    },
    figures: { ...figuresOf(task, data), importance: { metric: primary, rows: 1_000, repeats: 1, features: [{ feature: HOSTILE, drop: 0.05, low: 0.05, high: 0.05 }, { feature: 'distance', drop: -0.001, low: -0.001, high: -0.001 }] } },
    outcomes: { nights: [outcomeOf(primary)], together: outcomeOf(primary), recent: outcomeOf(primary) },
    drift: [{ feature: HOSTILE, psi: 0.31, verdict: 'warn', moved: null }],
    profile: [{ feature: HOSTILE, missing: 0.1, quantiles: [0, 1, 2, 3, 4, 5, 6, 7, 8] }, { feature: 'city', missing: 0, values: [{ value: HOSTILE, share: 0.5 }], rest: 2 }],
    batches: [{ batch: 'train', days: '2001-04-01 to before 2001-06-03', rows: 100_000, sha256: 'f'.repeat(64) }],
    links: { '2001-06-09-bbbbbbbb': '../2001-06-09-bbbbbbbb/report.html', index: '../../logs/report.html' },
  };
}

/** A run of which nothing is left but its beginning. */
export function killedReport(): RunReport {
  const { project, metrics, primary } = reportOf();
  const run: RunDetail = { ...DETAIL, status: 'killed', exitCode: null, endedAt: null, published: false, champion: null, unfinishedStep: '03-train', steps: [], metrics: [], tests: [], gates: [], artefacts: [], environment: null, inputs: {} };
  return { project, metrics, primary, run, differences: [], scored: null, model: null, figures: null, outcomes: { nights: [], together: null, recent: null }, drift: [], profile: [], batches: [], links: {} };
}
