import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { metricInfo, primaryMetric } from '../evaluation/metrics.ts';
import type { Comparison } from '../evaluation/opponent.ts';
import { DESCRIPTION_FILE, type Description } from '../model/description.ts';
import type { Registry } from '../registry/registry.ts';
import type { Attempt, RunDetail } from '../registry/records.ts';
import { INDEX, PAGE_FILE } from '../report/page/names.ts';
import type { BatchLine, Difference, Figures, ModelWords, ProfileLine, ProjectWords, RunReport } from '../report/page/run-report.ts';
import type { Config } from '../shared/config/schema.ts';
import { windowsOf } from '../shared/days.ts';
import { ExitCode, NightshiftError, messageOf } from '../shared/errors.ts';
import { readJsonFile, writeFileWhole } from '../shared/files.ts';
import { BATCHES, windowText } from './batches.ts';
import { withRunning } from './comparison/running.ts';
import type { LogEntry } from './context.ts';
import type { Evaluation } from './job/evaluate.ts';
import { readProfile } from './job/drift.ts';
import { CARD_FILE, FIGURES_FILE } from './job/model-files.ts';
import type { ScoringResult } from './job/score.ts';
import { Logs } from './logs.ts';
import { recentOutcome } from './outcomes/alarm.ts';
import { type Places, workFolder } from './places.ts';
import type { Prepared } from './prepare.ts';

/** Where a run's page is: beside its model, or with its working files where it left no model. */
export function pageOf(places: Places, runId: string): string {
  const model = join(places.models, runId);
  return join(existsSync(join(model, DESCRIPTION_FILE)) ? model : workFolder(places, runId), PAGE_FILE);
}

/** Where the index over all runs is, unless somebody asks for it elsewhere. */
export function indexOf(places: Places): string {
  return join(places.logs, PAGE_FILE);
}

/**
 * Writes the page of a run, and the card of its model where it left one; returns the page's file. Works for runs that failed or were
 * killed: what they did not come to is missing from the page, too. Throws `run-unknown`.
 */
export async function writeRunReport(places: Places, registry: Registry, runId: string, output = pageOf(places, runId)): Promise<string> {
  const { runPage } = await import('../report/page/run-page.ts');
  const { modelCard } = await import('../report/card.ts');
  const report = await runReport(places, registry, { runId, page: output });
  if (report.model !== null) writeFileWhole(join(places.models, runId, CARD_FILE), modelCard(report));
  writeFileWhole(output, runPage(report));
  return output;
}

export interface ReportHands {
  readonly attempt: Attempt;
  readonly listener: { log(step: string, entry: LogEntry): void };
}

/** The same at the end of a night, which a page that cannot be written does not fail: it is a warning, on the console and in `logs/report.csv`. */
export async function reportNight({ places, windows: { asOf } }: Pick<Prepared, 'places' | 'windows'>, registry: Registry, { attempt, listener }: ReportHands): Promise<void> {
  const logs = new Logs(places, { ...attempt, asOf });
  const start = performance.now();
  try {
    logs.event('report', { event: await writeRunReport(places, registry, attempt.runId), seconds: (performance.now() - start) / 1000 });
  } catch (thrown) {
    const entry: LogEntry = { event: 'report', status: 'warn', message: `the report could not be written: ${messageOf(thrown)}`, show: true };
    listener.log('report', entry);
    logs.event('report', entry);
  }
}

/** Collects what is known of a run: from the record, from its model's folder and from its working files. The same run has the same inputs, so that results of an earlier attempt hold for a later one. */
export async function runReport(places: Places, registry: Registry, { runId, page }: { readonly runId: string; readonly page: string }): Promise<RunReport> {
  const found = registry.runs.detail(runId);
  const [run] = await withRunning(places, found === undefined ? [] : [found]);
  if (run === undefined) throw new NightshiftError({ code: 'run-unknown', what: 'There is no such run', found: runId, fix: 'run.sh report without a run lists them', exitCode: ExitCode.usage });
  const config = (run.inputs['config'] ?? {}) as Partial<Config>;
  const task = config.task ?? 'binary';
  const work = workFolder(places, runId);
  const evaluation = readJsonFile(join(work, 'evaluation.json')) as Partial<Evaluation> | undefined;
  const scoring = readJsonFile(join(work, 'scoring.json')) as ScoringResult | undefined;
  const model = modelWords(places, runId);
  const scored = scoring === undefined ? null : { modelRun: scoring.modelRun, rows: scoring.rows };
  return {
    project: projectWords(config),
    run,
    primary: evaluation?.primary ?? config.metrics?.primary ?? primaryMetric(task),
    metrics: metricInfo(task),
    differences: (evaluation?.comparisons ?? []).map(differenceOf),
    scored,
    model,
    figures: (readJsonFile(join(places.models, runId, FIGURES_FILE)) ?? readJsonFile(join(work, FIGURES_FILE)) ?? null) as Figures | null,
    drift: scoring?.drift ?? [],
    outcomes: { nights: registry.outcomes.nightsOfModel(runId), together: registry.outcomes.ofModel(runId) ?? null, recent: recentOutcome(places, runId) },
    profile: profileLines(places, runId, config),
    batches: batchLines(config, run, { model, fresh: scored?.rows ?? null }),
    links: linksOf(places, page, [run.champion, scored?.modelRun ?? null]),
  };
}

/** What a configuration, as a run's inputs keep it, says of its project. */
export function projectWords(config: Partial<Config>): ProjectWords {
  return {
    name: config.name ?? 'project',
    about: config.about ?? null,
    limits: config.limits ?? null,
    task: config.task ?? 'binary',
    label: config.label?.column ?? '',
    features: config.features ?? { number: [], category: [] },
    sensitive: config.sensitive ?? [],
  };
}

function differenceOf({ opponent, metric, slice, tooFew, difference: { value, low, high, level } }: Comparison): Difference {
  return { opponent, metric, slice: slice === undefined ? null : `${slice.column}=${slice.value ?? ''}`, value, low, high, level, tooFew: tooFew ?? null };
}

function modelWords(places: Places, runId: string): ModelWords | null {
  const folder = join(places.models, runId);
  const description = readJsonFile(join(folder, DESCRIPTION_FILE)) as Description | undefined;
  if (description === undefined) return null;
  const plan = readJsonFile(join(folder, 'plan.json')) as { readonly picks?: readonly { readonly name: string; readonly weight: number }[] } | undefined;
  return { family: description.family, folder: relative(places.state, folder).split(sep).join('/'), summary: description.summary, blend: (plan?.picks ?? []).filter(({ weight }) => weight > 0).map(({ name, weight }) => ({ name, weight })) };
}

/** How features were distributed in training; nothing of what their values are where they are sensitive. */
function profileLines(places: Places, runId: string, { sensitive = [] }: Partial<Config>): readonly ProfileLine[] {
  const profile = readProfile(join(places.models, runId));
  return Object.entries(profile?.features.features ?? {}).map(([feature, own]) => {
    const line = { feature, missing: own.missing };
    if (sensitive.includes(feature)) return line;
    return own.kind === 'number' ? { ...line, quantiles: own.quantiles } : { ...line, values: own.values.slice(0, 3).map((value, i) => ({ value, share: own.shares[i]! })), rest: Math.max(0, own.values.length - 3) };
  });
}

function batchLines(config: Partial<Config>, run: RunDetail, { model, fresh }: { readonly model: ModelWords | null; readonly fresh: number | null }): readonly BatchLine[] {
  const { split, lead } = config;
  const days = split === undefined ? () => '' : (batch: (typeof BATCHES)[number]) => windowText(config as Config, windowsOf(run.asOf, split, lead ?? 0), batch);
  const measured = run.metrics.find(({ model: of, slice, metric }) => of === 'candidate' && slice === 'all' && metric === 'rows')?.value ?? null;
  const rows = { train: model?.summary.rows ?? null, test: measured, fresh };
  return BATCHES.map((batch) => {
    const recorded = run.batches.find((one) => one.batch === batch);
    return { batch, days: days(batch), rows: recorded?.rows ?? rows[batch], sha256: recorded?.sha256 ?? null };
  });
}

/** The pages of other runs, and the index, as far as they are there. */
function linksOf(places: Places, page: string, runIds: readonly (string | null)[]): Readonly<Record<string, string>> {
  const files: (readonly [string, string])[] = [[INDEX, indexOf(places)], ...runIds.flatMap((runId): (readonly [string, string])[] => (runId === null ? [] : [[runId, pageOf(places, runId)]]))];
  return Object.fromEntries(files.filter(([, file]) => existsSync(file)).map(([name, file]) => [name, hrefOf(page, file)]));
}

/** How one file is linked to from another; its parts are encoded, so that no name can be anything but a file's. */
export function hrefOf(from: string, to: string): string {
  return relative(dirname(from), to).split(sep).map((part) => (part === '..' ? part : encodeURIComponent(part))).join('/');
}
