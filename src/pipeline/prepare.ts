import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkGates } from '../evaluation/check-gates.ts';
import { metricNamed } from '../evaluation/metrics.ts';
import { familyOf } from '../model/families.ts';
import type { Champion } from '../registry/champions.ts';
import type { Registry } from '../registry/registry.ts';
import { projectFile } from '../shared/bundle.ts';
import { type ConfigChoices, loadConfig, quoteConfig } from '../shared/config/load.ts';
import { decidingConfig } from '../shared/config/deciding.ts';
import type { Config } from '../shared/config/schema.ts';
import { type Windows, dateIn, dateOf, windowsOf } from '../shared/days.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { canonicalJson, sha256, sha256OfFile } from '../shared/hash.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { dayColumn } from './columns.ts';
import type { RunContext, Talk } from './context.ts';
import { bringUp } from './bring-up.ts';
import { checkDelivery } from './delivery.ts';
import { findSteps, scriptHashes } from './find.ts';
import { openPatiently } from './open-patiently.ts';
import { type Places, placesOf, warehouseFile } from './places.ts';
import { type Plan, type PlanColumns, checkPlan, planOf } from './plan.ts';
import { type Published, readPublished } from './published.ts';
import { ensureSample } from './sample.ts';
import { redacted } from './redact.ts';
import { type Scorer, scorerOf } from './scorer.ts';
import { sourcesOf } from './sources.ts';
import type { StepDefinition } from './step.ts';

export interface Choices extends ConfigChoices {
  readonly project: string;
  readonly asOf?: string | undefined;
  /** `true`: the champion scores, without a training. A run id: that run's model does. */
  readonly scoreOnly?: boolean | string | undefined;
}

/** A project as its files say it is, checked as far as files can tell. */
export interface Project {
  readonly config: Config;
  readonly places: Places;
  readonly plan: Plan;
  readonly definitions: ReadonlyMap<string, StepDefinition>;
}

/** Everything that is settled before the first step. */
export interface Prepared extends Project {
  readonly runId: string;
  readonly inputs: object;
  readonly inputsHash: string;
  readonly windows: Windows;
  readonly fingerprints: Readonly<Record<string, string>>;
  readonly columns: PlanColumns;
  readonly backend: RunContext['backend'];
  readonly champion: Champion | null;
  /** The model that scores without a training; null where tonight trains. */
  readonly scorer: Scorer | null;
  /** What is published for the as-of date, if anything. */
  readonly published: Published | undefined;
}

/** Reads `pipeline.yaml` and the steps; throws before anything is opened or written. */
export async function loadProject(choices: Choices): Promise<Project> {
  const config = loadConfig(choices.project, choices);
  const places = placesOf(choices.project, config);
  (await familyOf(config.model.family)).parseOptions(config.model.options);
  checkGates(config.task, config.gates, config);
  if (config.metrics.primary !== undefined) metricNamed(config.task, config.metrics.primary, 'metrics.primary');
  const files = findSteps(choices.project, config.warehouse);
  const definitions = new Map<string, StepDefinition>();
  for (const { name } of files) definitions.set(name, await definitionOf(name));
  return { config, places, plan: planOf(files, definitions, config), definitions };
}

async function definitionOf(name: string): Promise<StepDefinition> {
  const file = pathToFileURL(projectFile('steps', `${name}.mjs`)).href;
  const { default: definition } = (await import(file)) as { default?: StepDefinition };
  if (typeof definition?.run === 'function') return definition;
  throw new NightshiftError({ code: 'step-invalid', what: 'This step exports no definition', where: `steps/${name}.ts`, expected: 'export default defineStep({ about, run })', exitCode: ExitCode.usage });
}

export interface Preparing {
  readonly registry: Registry;
  readonly talk: Talk;
  /** Asked while the warehouse is waited for; what it throws ends the waiting. */
  readonly check?: () => Promise<void>;
  /** Where sources that have to be loaded stay, for a night whose steps read them next. */
  readonly loads?: string;
}

/**
 * Settles the run: the sample where it is needed, what an earlier night left behind, the as-of date, the plan checked whole
 * against the sources, and the run's name. Leaves the warehouse closed.
 */
export async function prepare(project: Project, choices: Choices, { registry, talk, check, loads }: Preparing): Promise<Prepared> {
  const { config, places, plan } = project;
  checkDelivery(config, places);
  await ensureSample({ config, places, talk });
  const sources = sourcesOf(config, places);
  const warehouse = await openPatiently({ kind: config.warehouse, file: warehouseFile(places, config.warehouse), loads }, { ...talk, check });
  try {
    for (const night of await bringUp(warehouse, registry, { config, places })) talk.log({ event: 'brought up', message: `files and record follow what was published for ${night}`, show: true });
    talk.progress('checking sources and plan');
    await warehouse.attach(sources);
    const windows = windowsOf(await resolveAsOf(choices.asOf ?? config.as_of, config, warehouse), config.split, config.lead);
    const quote = (key: string, value: string): string => quoteConfig(choices.project, choices, { key, value });
    const columns = await checkPlan(plan, { config, windows, warehouse, quote });
    const backend = backendOf(config);
    const fingerprints = await fingerprintsOf(plan, warehouse);
    const champion = registry.champions.championFor(windows.asOf);
    const scorer = scorerOf({ config, windows, champion, scoreOnly: choices.scoreOnly ?? false });
    const inputs = inputsOf(project, { fingerprints, windows, backend, scorer });
    const inputsHash = sha256(canonicalJson(inputs));
    const published = (await readPublished(warehouse)).find((night) => night.asOf === windows.asOf);
    return { ...project, fingerprints, windows, columns, backend, inputs, inputsHash, champion, scorer, published, runId: `${windows.asOf}-${inputsHash.slice(0, 8)}` };
  } catch (thrown) {
    throw thrown instanceof NightshiftError ? redacted(thrown, config.sensitive) : thrown;
  } finally {
    await warehouse.close();
  }
}

/** `today` and `latest` become a date once; nothing after this reads the clock. */
export async function resolveAsOf(asOf: string, config: Config, warehouse: Warehouse): Promise<string> {
  if (asOf === 'today') return dateIn(config.timezone, new Date());
  if (asOf !== 'latest') return asOf;
  const [name, source] = Object.entries(config.sources).find(([, one]) => one.time !== undefined) ?? [];
  if (name === undefined || source?.time === undefined) {
    throw new NightshiftError({ code: 'config-invalid', what: 'as_of: latest needs a source with a time', where: 'sources: in pipeline.yaml', expected: 'time: COLUMN at the source whose last day counts', exitCode: ExitCode.usage });
  }
  const { identifier } = warehouse.dialect;
  const [row] = await warehouse.rows(`SELECT max(${identifier(dayColumn(source.time))}) AS last FROM ${identifier(name)}`);
  if (typeof row?.['last'] === 'number') return dateOf(row['last']);
  throw new NightshiftError({ code: 'source-short', what: `Source ${name} has no dated row`, where: `sources.${name}`, found: 'no rows', expected: 'at least one', exitCode: ExitCode.sourceLate });
}

/** What training uses: native TensorFlow where it is asked for or found. */
function backendOf(config: Config): RunContext['backend'] {
  if (config.model.backend !== 'auto') return config.model.backend;
  try {
    createRequire(join(process.env['NIGHTSHIFT_ROOT'] ?? '', 'package.json')).resolve('tensorflow-native');
    return 'native';
  } catch {
    return 'wasm';
  }
}

async function fingerprintsOf(plan: Plan, warehouse: Warehouse): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of plan.sources) found[name] = await warehouse.fingerprint(name);
  return found;
}

/** Everything that decides a run's outcome; its hash names the run. Folders, clock and environment are not in it. */
function inputsOf({ config, places, plan }: Project, it: { fingerprints: Readonly<Record<string, string>>; windows: Windows; backend: string; scorer: Scorer | null }): object {
  const root = process.env['NIGHTSHIFT_ROOT'] ?? '';
  const build = JSON.parse(readFileSync(projectFile('build.json'), 'utf8')) as { code: string };
  return {
    as_of: it.windows.asOf,
    config: decidingConfig(config),
    sql: { ...scriptHashes(plan.steps), ...testHashes(places.project, plan) },
    data: it.fingerprints,
    code: build.code,
    packages: sha256OfFile(join(root, 'package-lock.json')),
    node: process.versions.node,
    backend: it.backend,
    ...(it.scorer === null ? {} : { scorer: it.scorer.modelRun }),
  };
}

/** The batch's SQL tests decide what is published, too. */
function testHashes(project: string, plan: Plan): Record<string, string> {
  const folders = plan.steps.filter((step) => step.scripts.length === 0).map(({ name }) => join('steps', name));
  const files = folders.filter((folder) => existsSync(join(project, folder))).flatMap((folder) => readdirSync(join(project, folder)).filter((file) => file.endsWith('.sql')).map((file) => `${folder.replaceAll('\\', '/')}/${file}`));
  return Object.fromEntries(files.sort().map((file) => [file, sha256OfFile(join(project, file))]));
}
