import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { metricInfo } from '../evaluation/metrics.ts';
import { Random } from '../evaluation/random.ts';
import { placesOf } from '../pipeline/places.ts';
import { decidingConfig } from '../shared/config/deciding.ts';
import { loadConfig } from '../shared/config/load.ts';
import type { Config } from '../shared/config/schema.ts';
import { dateOf, dayOf } from '../shared/days.ts';
import { sha256 } from '../shared/hash.ts';
import type { Environment, MetricRecord } from '../registry/records.ts';
import { Registry } from '../registry/registry.ts';
import { launch } from './launch.ts';

export interface RegistryRequest {
  readonly project: string;
  readonly runs: number;
  /** Metric rows a run. */
  readonly metrics: number;
  /** How often each command runs; the median one counts. */
  readonly times: number;
  readonly progress: (text: string) => void;
}

export interface CommandTime {
  readonly command: string;
  /** Median of all times, from the start of the process to its end. */
  readonly seconds: number;
}

export interface RegistryFigures {
  readonly runs: number;
  readonly metricRows: number;
  readonly megabytes: number;
  readonly secondsToWrite: number;
  readonly commands: readonly CommandTime[];
}

/** The commands that look at many runs. */
const COMMANDS: readonly (readonly string[])[] = [
  ['runs'],
  ['runs', '--last', '100', '--metric', 'log_loss'],
  ['runs', '--all', '--sort', 'auc'],
  ['runs', '--status', 'refused'],
  ['runs', 'latest'],
  ['compare', '--last', '100'],
  ['compare', '--last', '100', '--metric', 'auc', '--metric', 'log_loss'],
  ['compare', 'latest~9', 'latest'],
  ['champion', 'history'],
];

/** Writes a record of so many runs with the class that nights write it with, then times the commands that read it. */
export async function benchRegistry(request: RegistryRequest): Promise<RegistryFigures> {
  const { project, runs, metrics, times, progress } = request;
  const state = mkdtempSync(join(tmpdir(), 'nightshift-registry-'));
  try {
    const config = loadConfig(project, { set: [`state=${state}`] });
    const file = placesOf(project, config).registry;
    const start = performance.now();
    writeRuns(file, { config, runs, metrics, progress });
    const secondsToWrite = (performance.now() - start) / 1000;
    const commands: CommandTime[] = [];
    for (const command of COMMANDS) {
      progress(command.join(' '));
      commands.push({ command: command.join(' '), seconds: await medianTime([...command, '--project', project, '--set', `state=${state}`], times) });
    }
    return { runs, metricRows: runs * metrics, megabytes: statSync(file).size / 1e6, secondsToWrite, commands };
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}

async function medianTime(args: readonly string[], times: number): Promise<number> {
  const seconds: number[] = [];
  for (let i = 0; i < times; i++) seconds.push((await launch(args)).wallSeconds);
  return seconds.sort((a, b) => a - b)[times >> 1]!;
}

interface Writing {
  readonly config: Config;
  readonly runs: number;
  readonly metrics: number;
  readonly progress: (text: string) => void;
}

/** One night a day; of ten nights one is refused, one is tried again, and one fails in training. */
function writeRuns(file: string, { config, runs, metrics, progress }: Writing): void {
  const random = new Random(1);
  const first = dayOf('2001-01-01');
  let now = Date.parse('2001-01-01T02:00:00Z');
  const registry = Registry.open(file, () => new Date((now += 1000)));
  let champion: string | null = null;
  try {
    for (let i = 0; i < runs; i++) {
      const asOf = dateOf(first + i);
      const runId = `${asOf}-${sha256(String(i)).slice(0, 8)}`;
      const outcome = i % 10 === 3 ? 'refused' : i % 10 === 7 ? 'failed' : i % 10 === 9 ? 'tried' : 'done';
      writeRun(registry, { runId, asOf, outcome, champion, inputs: inputsOf(config, asOf, i), metrics: metricRows(config, random, metrics) });
      if (outcome === 'done') champion = runId;
      now = Date.parse(`${asOf}T02:00:00Z`) + 86_400_000;
      if (i % 500 === 0) progress(`${i} runs written`);
    }
  } finally {
    registry.close();
  }
}

interface Written {
  readonly runId: string;
  readonly asOf: string;
  readonly outcome: string;
  readonly champion: string | null;
  readonly inputs: object;
  readonly metrics: readonly MetricRecord[];
}

const STEPS = ['01-extract', '02-split', '03-train', '04-evaluate', '05-score', '06-test', '07-publish'];

function writeRun(registry: Registry, { runId, asOf, outcome, champion, inputs, metrics }: Written): void {
  const attempt = registry.begin({ runId, asOf, warehouse: 'sqlite', inputs, environment: ENVIRONMENT }, outcome === 'tried' ? 'try' : 'night', champion);
  for (const step of STEPS) {
    registry.beginStep(attempt, step);
    registry.recordStep(attempt, { step, status: 'done', startedAt: new Date(`${asOf}T02:00:00Z`), seconds: 2, cpuSeconds: 2, peakMb: 100, rows: 100_000 });
  }
  registry.recordMetrics(attempt, metrics);
  registry.recordGates(attempt, [{ gate: 'auc at least 0.52', metric: 'auc', outcome: 'pass', found: 0.6, low: null, high: null, expected: 'at least 0.52', reason: 'auc is 0.6, at least 0.52' }]);
  for (const batch of ['train', 'test', 'fresh']) registry.recordBatch(attempt, { batch, rows: 100_000, sha256: sha256(`${runId} ${batch}`) });
  registry.recordArtefacts(attempt, ['manifest.json', 'weights.bin'].map((name) => ({ path: `models/${runId}/${name}`, bytes: 1000, sha256: sha256(runId) })));
  registry.end(attempt, { status: outcome, exitCode: outcome === 'failed' ? 1 : outcome === 'refused' ? 3 : 0, message: null });
  const modelRun = outcome === 'refused' ? champion : outcome === 'done' ? runId : null;
  if (modelRun !== null) registry.recordPublished({ asOf, warehouse: 'sqlite', runId, modelRun, rows: 2000, scoresHash: sha256(asOf), meanScore: 0.2 });
}

const ENVIRONMENT: Environment = { commit: '0123456789abcdef0123456789abcdef01234567', dirty: false, versions: { node: '20.19.0', nightshift: '0.1.0', 'better-sqlite3': '12.0.0' }, platform: 'linux x64' };

/** The configuration that the project has; the data are others every night, the seed every hundred. */
function inputsOf(config: Config, asOf: string, i: number): object {
  const sql = Object.fromEntries(Array.from({ length: 16 }, (_, k) => [`steps/01-extract/script_${k}.sql`, sha256(String(k))]));
  return { as_of: asOf, config: { ...decidingConfig(config), seed: Math.floor(i / 100) }, sql, data: { source: sha256(asOf) }, code: sha256('code'), packages: sha256('packages'), node: '20.19.0', backend: 'wasm' };
}

/** The whole test batch first, by model; then slices, until there are as many as asked for. */
function metricRows({ task }: Config, random: Random, count: number): readonly MetricRecord[] {
  const names = metricInfo(task).map(({ name }) => name);
  const places = ['candidate', 'champion', 'linear', 'baseline'].map((model) => ({ model, slice: 'all' }));
  const slice = (i: number): { model: string; slice: string } => places[i] ?? { model: 'candidate', slice: `place=${i}` };
  return Array.from({ length: count }, (_, i) => {
    const value = 0.5 + random.below(1_000_000) / 4_000_000;
    return { ...slice(Math.floor(i / names.length)), batch: 'test', metric: names[i % names.length]!, value, low: value - 0.01, high: value + 0.01 };
  });
}
