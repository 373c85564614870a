import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { concatenate } from '../../dataset/floats.ts';
import { pickFloats } from '../../dataset/pick.ts';
import type { AutoOptions } from '../auto-family.ts';
import { familyOf } from '../families.ts';
import type { FitInput, FittedModel, HeldOut, TrainingSummary } from '../family.ts';
import { NightshiftError } from '../../shared/errors.ts';
import { roundsOnAll } from '../gbdt/rounds-on-all.ts';
import { requireVariety } from '../labels.ts';
import { lossOf } from '../loss.ts';
import { fitTemperature, tempered } from '../temperature.ts';
import { streamOf } from '../tensor/stream.ts';
import { AutoModel } from './auto-model.ts';
import { blend, blendWeights } from './blend.ts';
import { candidatesFor } from './candidates.ts';
import { shapeOf } from './costs.ts';
import { dayFeatures } from './day-features.ts';
import { type Division, crossDivisions, givenDivision, wholeDivision } from './folds.ts';
import { type Done, type Job, type JobResult, type Outcome, runJobs, threadsOf } from './jobs.ts';
import { type Plan, planOf } from './plan.ts';
import { type Chosen, type Recipe, choiceLines, planLines, taken } from './recipe.ts';
import { type SharedRows, priorOf, readRows, weightsOf } from './rows.ts';
import { makeScratch, removeScratch } from './scratch.ts';

/** So many times the budget may pass before the clock cuts, and four minutes at least: for a machine that is slower, or busier, than the constants say. */
const PATIENCE = 2;
const PATIENT_SECONDS = 240;
/** Seconds, where nobody says. */
const DEFAULT_BUDGET = 60;

/** Trains what fits into the budget, chooses by held-out rows, and blends. */
export async function fitAuto(input: FitInput, options: AutoOptions): Promise<FittedModel> {
  const work = new Work(input, await readRows(input), options);
  try {
    return await work.fit();
  } catch (error) {
    work.discard();
    throw error;
  }
}

/** Held-out rows in the order of the divisions, and what each member predicted of them. */
interface Judged {
  readonly labels: Float64Array;
  readonly weights: Float64Array | undefined;
  /** The day of each, where there are days. */
  readonly days: Float64Array | undefined;
  /** Members that could not learn from these rows. */
  readonly failed: readonly { readonly member: string; readonly error: NightshiftError }[];
  readonly members: readonly { readonly name: string; readonly results: readonly Done[]; readonly predictions: Float64Array }[];
}

/** One training of a member. */
interface Training extends Division {
  readonly member: string;
  readonly number: number;
  readonly rounds: number | undefined;
  readonly settled: Readonly<Record<string, unknown>>;
  readonly stops: boolean;
}

class Work {
  private readonly input: FitInput;
  private readonly rows: SharedRows;
  private readonly plan: Plan;
  private readonly earlier: Recipe | undefined;
  private readonly divisions: readonly Division[];
  private readonly folder: string;
  private readonly deadline: number;

  constructor(input: FitInput, rows: SharedRows, options: AutoOptions) {
    requireVariety(rows.contract, rows.labels.subarray(0, rows.trainRows));
    this.input = input;
    this.rows = rows;
    this.earlier = input.recipe as Recipe | undefined;
    const budget = input.budget ?? DEFAULT_BUDGET;
    const shape = shapeOf(rows);
    const independent = input.independent === true;
    const request = { shape, budget, candidates: candidatesFor(rows.contract.task, options.families, dayFeatures(rows)) };
    const plan = this.earlier === undefined ? planOf({ ...request, independent }) : onlyTaken(this.earlier);
    const folds = plan.judgedBy === 'folds' ? crossDivisions(rows, plan.folds, input.seed) : [];
    const canDeal = folds.length > 0 && folds.every(({ train, held }) => held.length > 0 && doVary(rows, train));
    // Of a handful of rows, or of labels that hardly differ, no fold is like another.
    this.plan = canDeal || plan.judgedBy === 'holdout' ? plan : { ...(this.earlier === undefined ? planOf({ ...request, independent: false }) : plan), judgedBy: 'holdout', folds: 1 };
    this.divisions = canDeal ? folds : [givenDivision(rows)];
    this.folder = makeScratch();
    this.deadline = Date.now() + Math.max(PATIENT_SECONDS, budget * PATIENCE) * 1000;
  }

  async fit(): Promise<FittedModel> {
    for (const line of planLines(this.plan)) this.input.tell?.(line);
    const judged = await this.judge();
    const chosen = this.choose(judged);
    const held = this.heldOut(judged, chosen);
    const linear = await this.linear(judged);
    const missed = this.plan.judgedBy === 'holdout' ? await this.refit(chosen) : [];
    const recipe = { ...chosen, cut: [...chosen.cut, ...missed] };
    const lines = [...choiceLines(recipe, this.rows.contract.task), ...failureLines(judged)];
    for (const line of lines) this.input.tell?.(line);
    return AutoModel.open({ contract: this.rows.contract, summary: this.summaryOf(judged, recipe, lines), recipe, folder: this.folder, held, linear, temporary: true });
  }

  discard(): void {
    removeScratch(this.folder);
  }

  private async judge(): Promise<Judged> {
    const { divisions } = this;
    const jobs = this.plan.members.flatMap((member) => divisions.map((division, i) => ({ ...division, member: member.name, number: i + 1, ...this.again(member.name) })));
    const results = await this.run(jobs.map((one) => this.job(one)));
    const held = Uint32Array.from(divisions.flatMap((division) => [...division.held]));
    const { labels, days } = this.rows;
    const weights = weightsOf(this.rows, held);
    const failed = results.flatMap(({ job, outcome }) => (outcome instanceof NightshiftError ? [{ member: job.member, error: outcome }] : []));
    const members = this.plan.members.flatMap(({ name }) => {
      const its = results.filter(({ job }) => job.member === name).flatMap(({ outcome }) => (isDone(outcome) ? [outcome] : []));
      return its.length < divisions.length ? [] : [{ name, results: its, predictions: concatenate(its.map(({ predictions }) => predictions)) }];
    });
    if (members.length === 0 && failed[0] !== undefined) throw failed[0].error;
    return { labels: pickFloats(labels, held), weights, days: days && pickFloats(days, held), members, failed };
  }

  /** How a member is trained: as it was chosen earlier, or until the held-out rows say stop. */
  private again(name: string): Pick<Training, 'rounds' | 'settled' | 'stops'> {
    const earlier = this.earlier?.picks.find((one) => one.name === name);
    return earlier === undefined ? { rounds: this.input.rounds, settled: {}, stops: true } : { rounds: earlier.rounds, settled: earlier.settled, stops: false };
  }

  private job({ member, number, rounds, stops, settled, train, held }: Training): Job {
    const { family, options: planned, without = [] } = this.plan.members.find(({ name }) => name === member)!;
    const options = { ...planned, ...settled };
    const folder = join(this.folder, `${member}-${number}`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    const seed = streamOf(this.input.seed, `${member}/${number}`).word();
    return { member, number, family, options, without, seed, rounds, stops, threads: 1, folder, deadline: this.deadline, train, held };
  }

  /** Longest jobs first, so that no thread is left with one at the end. */
  private async run(jobs: readonly Job[]): Promise<readonly JobResult[]> {
    const cost = new Map(this.plan.members.map(({ name, seconds }) => [name, seconds]));
    const sorted = [...jobs].sort((a, b) => cost.get(b.member)! - cost.get(a.member)!);
    let ended = 0;
    const part = ({ member, number }: Job): string => `${member}-${number}, ${ended} of ${jobs.length} trainings done`;
    const threads = threadsOf(this.input.threads);
    const each = Math.max(1, Math.floor(threads / Math.max(1, jobs.length)));
    return runJobs(sorted.map((job) => ({ ...job, threads: each })), {
      rows: this.rows,
      threads,
      progress: (job, at) => this.input.progress({ ...at, part: part(job) }),
      ended: () => (ended += 1),
    });
  }

  private choose({ labels, weights, days, members, failed }: Judged): Recipe {
    const { task } = this.rows.contract;
    const rows = { task, labels, weights };
    const predictions = members.map((one) => one.predictions);
    // What was chosen earlier holds only whole.
    const earlier = members.length === this.plan.members.length ? this.earlier : undefined;
    const shares = earlier === undefined ? blendWeights({ ...rows, predictions }, days) : Float64Array.from(members, ({ name }) => earlier.picks.find((one) => one.name === name)!.weight);
    const blended = blend(predictions, shares);
    const prior = priorOf(this.rows);
    const temperature = earlier?.temperature ?? fitTemperature({ ...rows, predictions: blended, prior, levelled: this.plan.judgedBy === 'holdout' });
    const final = tempered(blended, { task, temperature, prior });
    const picks = members.map(({ name, results, predictions: alone }, i): Chosen => {
      const { family } = this.plan.members.find((one) => one.name === name)!;
      const rounds = Math.round(results.reduce((sum, { summary }) => sum + summary.bestRound, 0) / results.length);
      return { name, family, weight: shares[i]!, loss: finite(lossOf(rows, alone)), rounds, unit: results[0]!.summary.unit, settled: { ...this.again(name).settled, ...results[0]!.summary.settled } };
    });
    const cut = this.plan.members.map(({ name }) => name).filter((name) => !members.some((one) => one.name === name) && !failed.some((one) => one.member === name));
    return { plan: this.plan, picks, loss: members.length === 0 ? null : finite(lossOf(rows, final)), heldRows: labels.length, temperature, baseline: prior, cut };
  }

  private heldOut({ labels, members }: Judged, { picks, temperature, baseline: prior }: Recipe): HeldOut | undefined {
    if (members.length === 0) return undefined;
    const { task } = this.rows.contract;
    const blended = blend(members.map(({ predictions }) => predictions), Float64Array.from(picks, ({ weight }) => weight));
    return { labels, predictions: tempered(blended, { task, temperature, prior }) };
  }

  /** What was trained and judged on the rows that came, with nothing settled beforehand, is what that family makes of them. */
  private async linear({ members }: Judged): Promise<FittedModel | undefined> {
    const one = this.plan.members.find(({ family }) => family === 'linear');
    const isAlone = this.plan.judgedBy === 'holdout' && this.earlier === undefined;
    if (!isAlone || one === undefined || !members.some(({ name }) => name === one.name)) return undefined;
    return (await familyOf('linear')).load(join(this.folder, `${one.name}-1`));
  }

  /**
   * Trains what was chosen once more, on all rows, for as many rounds as were best, some members several times. Of a member whose trainings do
   * not end, the first one stays; returns its name.
   */
  private async refit(recipe: Recipe): Promise<readonly string[]> {
    const whole = wholeDivision(this.rows);
    const jobs = taken(recipe).flatMap(({ name, rounds: best, settled, unit }) => {
      const { copies, options } = this.plan.members.find((one) => one.name === name)!;
      // A handful of epochs says nothing of how many more would do.
      const rounds = unit === 'tree' ? roundsOnAll(best, { options: { ...options, ...settled }, inTime: this.rows.days !== undefined }) : best;
      return Array.from({ length: copies }, (_, i) => this.job({ ...whole, member: name, number: i + 2, rounds, settled, stops: false }));
    });
    const results = await this.run(jobs);
    const missed = taken(recipe).map(({ name }) => name).filter((name) => results.some(({ job, outcome }) => job.member === name && !isDone(outcome)));
    for (const { job } of results) if (missed.includes(job.member)) rmSync(job.folder, { recursive: true, force: true });
    for (const { name } of taken(recipe)) if (!missed.includes(name)) rmSync(join(this.folder, `${name}-1`), { recursive: true, force: true });
    return missed.map((name) => `${name} on all rows`);
  }

  private summaryOf({ members }: Judged, recipe: Recipe, lines: readonly string[]): TrainingSummary {
    const trainings = members.flatMap(({ results }) => results);
    const kept = members.filter(({ name }) => taken(recipe).some((one) => one.name === name));
    return {
      family: 'auto',
      backend: 'threads',
      rows: this.rows.all.rows,
      validationRows: recipe.heldRows,
      unit: 'training',
      rounds: trainings.length,
      bestRound: kept.reduce((sum, { results }) => sum + results.length, 0),
      parameters: kept.reduce((sum, { results }) => sum + results.reduce((all, { summary }) => all + summary.parameters, 0), 0),
      curve: [],
      notes: [...lines, ...featureNotes(members.map(({ results }) => results[0]!.summary))],
    };
  }
}

/** Whether these rows have labels that differ. */
function doVary({ labels }: SharedRows, rows: Uint32Array): boolean {
  return rows.some((row) => labels[row] !== labels[rows[0]!]);
}

/** NaN, of no rows, is no number in JSON. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function isDone(outcome: Outcome): outcome is Done {
  return outcome !== undefined && !(outcome instanceof NightshiftError);
}

function onlyTaken(recipe: Recipe): Plan {
  const names = taken(recipe).map(({ name }) => name);
  // A plan of an earlier version does not say how many copies there were.
  return { ...recipe.plan, members: recipe.plan.members.filter(({ name }) => names.includes(name)).map((member) => ({ ...member, copies: member.copies ?? 1 })) };
}

/** Which members are missing, and why; each once. */
function failureLines({ failed }: Judged): readonly string[] {
  return [...new Set(failed.map(({ member, error }) => `without ${member}: ${error.details.what} ${error.details.where ?? ''}`.trim()))];
}

/** What members say of features that they leave out; each once. */
function featureNotes(summaries: readonly TrainingSummary[]): readonly string[] {
  return [...new Set(summaries.flatMap(({ notes }) => notes.filter((note) => note.endsWith('left out'))))];
}
