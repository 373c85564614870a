import type { Random } from '../../evaluation/random.ts';
import type { FitProgress, TrainingSummary } from '../family.ts';
import { Adam } from './adam.ts';
import { Average } from './average.ts';
import type { Backend } from './backend.ts';
import { cameApartNote, columnsAtFault, lossNotFinite, type ColumnNames, type Fault } from './came-apart.ts';
import { clip } from './clip.ts';
import type { Head } from './head.ts';
import type { Batch, Learner } from './learner.ts';
import type { Plan } from './plan.ts';
import { forwardAll, gather, roomFor } from './gather.ts';
import { rateAt } from './schedule.ts';
import { shuffle, streamOf } from './stream.ts';
import type { Table } from './table.ts';

export interface Training {
  readonly learner: Learner;
  readonly head: Head;
  readonly backend: Backend;
  readonly train: Table;
  /** What the columns are called where one is at fault. */
  readonly names: ColumnNames;
  /** Undefined: nothing stops early, and the last epoch's parameters are kept. */
  readonly validation: Table | undefined;
  readonly plan: Plan;
  readonly seed: number;
  /** Epochs after which to stop, whatever the validation loss; the schedule stays as planned. */
  readonly rounds?: number | undefined;
  readonly progress: (progress: FitProgress) => void;
}

type CurvePoint = TrainingSummary['curve'][number];

export interface Trained {
  readonly curve: readonly CurvePoint[];
  /** The epoch, from 1, whose parameters the learner holds now: the one of least validation loss, or the last. */
  readonly bestRound: number;
  /** What a person should know of how it went. */
  readonly notes: readonly string[];
}

/** Longest time in milliseconds without giving way to the process's messages and signals. */
const STRETCH = 100;

/**
 * Trains epoch by epoch until the plan ends or the validation loss has not fallen for `patience` epochs, then puts the best
 * epoch's parameters back. So it does where the loss becomes no number, with a note; before the end of the first epoch that is
 * `loss-nan`.
 */
export async function train(training: Training): Promise<Trained> {
  const { learner, plan } = training;
  const run = new Run(training);
  const curve: CurvePoint[] = [];
  const last = Math.min(plan.epochs, training.rounds ?? plan.epochs);
  let best = { epoch: 0, loss: Infinity, values: learner.parameters.values.slice() };
  for (let epoch = 1; epoch <= last && epoch - best.epoch <= plan.patience; epoch++) {
    const point = await run.epoch(epoch);
    if (point === undefined) break;
    curve.push(point);
    const loss = point.validationLoss ?? -epoch;
    if (loss < best.loss) best = { epoch, loss, values: run.average.values.slice() };
  }
  if (run.fault !== undefined && best.epoch === 0) throw lossNotFinite(run.fault);
  learner.parameters.values.set(best.values);
  return { curve, bestRound: best.epoch, notes: run.fault === undefined ? [] : [cameApartNote(run.fault, best.epoch)] };
}

/** One training under way: its optimizer, its order of rows, its place in the schedule. */
class Run {
  private readonly training: Training;
  private readonly optimizer: Adam;
  private readonly random: Random;
  private readonly order: Uint32Array;
  private readonly batch: Batch;
  readonly average: Average;
  /** Where the loss became no number. */
  fault: Fault | undefined;
  private readonly started = performance.now();
  private step = 0;
  private yielded = performance.now();
  private lastValidationLoss = NaN;

  constructor(training: Training) {
    this.training = training;
    this.optimizer = new Adam(training.learner, training.plan.weightDecay);
    this.random = streamOf(training.seed, 'shuffle');
    this.order = Uint32Array.from({ length: training.train.rows }, (_, index) => index);
    this.average = new Average(training.learner.parameters.values, training.plan.steps / training.plan.epochs);
    this.batch = roomFor(training.train, training.learner.inputWidth, training.plan.batchRows);
  }

  /** One pass over the rows; undefined where the loss became no number. */
  async epoch(epoch: number): Promise<CurvePoint | undefined> {
    const { train, plan } = this.training;
    shuffle(this.order, this.random);
    await this.training.backend.use();
    let loss = 0;
    for (let from = 0; from < train.rows; from += plan.batchRows) {
      const to = Math.min(train.rows, from + plan.batchRows);
      loss += this.learn(from, to);
      if (this.fault !== undefined) return undefined;
      await this.giveWay({ epoch, trainLoss: loss / to, done: (epoch - 1) * train.rows + to });
    }
    const { validation } = this.training;
    const validationLoss = validation === undefined ? null : this.validate(validation);
    if (validationLoss !== null && !Number.isFinite(validationLoss)) {
      this.fault = { step: this.step, rate: rateAt(plan, this.step - 1), columns: [] };
      return undefined;
    }
    this.lastValidationLoss = validationLoss ?? NaN;
    this.report({ epoch, trainLoss: loss / train.rows, done: epoch * train.rows });
    return { round: epoch, trainLoss: loss / train.rows, validationLoss };
  }

  private learn(from: number, to: number): number {
    const { learner, train, plan, names, head } = this.training;
    const batch = gather(train, this.order.subarray(from, to), this.batch);
    const rate = rateAt(plan, this.step);
    const loss = learner.gradient(batch);
    if (!Number.isFinite(loss)) {
      this.fault = { step: this.step + 1, rate, columns: columnsAtFault(batch, { learner, head, names }) };
      return loss;
    }
    if (plan.clip !== undefined) clip(learner.parameters.gradients, plan.clip);
    this.optimizer.step(rate);
    this.average.follow(learner.parameters.values);
    this.step += 1;
    return loss;
  }

  /** The validation loss of the averaged parameters; those of the last step are put back to go on from. */
  private validate(rows: Table): number {
    const { values } = this.training.learner.parameters;
    const held = values.slice();
    values.set(this.average.values);
    const loss = lossOver(rows, this.training);
    values.set(held);
    return loss;
  }

  private async giveWay(state: State): Promise<void> {
    if (performance.now() - this.yielded < STRETCH) return;
    this.report(state);
    await new Promise((resolve) => setImmediate(resolve));
    await this.training.backend.use();
    this.yielded = performance.now();
  }

  private report({ epoch, trainLoss, done }: State): void {
    const { plan, train, progress, rounds = plan.epochs } = this.training;
    const last = Math.min(plan.epochs, rounds);
    const seconds = (performance.now() - this.started) / 1000;
    const rowsPerSecond = done / seconds;
    const secondsLeft = (last * train.rows - done) / rowsPerSecond;
    progress({ unit: 'epoch', round: epoch, rounds: last, rowsPerSecond, secondsLeft, trainLoss, validationLoss: this.lastValidationLoss });
  }
}

function lossOver(rows: Table, { learner, head }: Training): number {
  let sum = 0;
  forwardAll(learner, rows, (from, count, raw) => {
    const labels = rows.labels.subarray(from, from + count);
    const weights = rows.weights?.subarray(from, from + count);
    sum += head.loss({ raw, labels, weights, rows: count }, new Float32Array(count * head.outputs));
  });
  return sum / rows.rows;
}

interface State {
  readonly epoch: number;
  readonly trainLoss: number;
  /** Rows trained on so far, over all epochs. */
  readonly done: number;
}
