import { availableParallelism } from 'node:os';
import type { FitInput, FittedModel } from '../family.ts';
import type { GbdtOptions } from '../gbdt-family.ts';
import { requireVariety } from '../labels.ts';
import type { Binner } from './binner.ts';
import { Booster } from './booster.ts';
import { Crew } from './crew.ts';
import { directionsOf } from './directions.ts';
import { Engine } from './engine.ts';
import { BinnerFit } from './fit-binner.ts';
import { Forest } from './forest.ts';
import { GbdtModel } from './gbdt-model.ts';
import { memoryFor } from './memory.ts';
import { startOf, type Start } from './outcome.ts';
import { isSlow, lossOf, ratesFor } from './auto-options.ts';
import { readBins, readLabels, type Labelled } from './read-rows.ts';
import { runRounds, type Trained } from './rounds.ts';
import { blockOf, type Shape } from './shape.ts';
import { summaryOf } from './summary.ts';
import { Team } from './team.ts';

/** Cell reads of a training below which further threads take longer to start than they save. */
const WORTH_THREADS = 100_000_000;

/** Everything that was read of the rows before their bins. */
export interface Prepared {
  readonly binner: Binner;
  readonly notes: readonly string[];
  readonly train: Labelled;
  readonly held: Labelled | undefined;
  readonly start: Start;
  readonly directions: Int8Array;
}

export async function fitGbdt(input: FitInput, options: GbdtOptions): Promise<FittedModel> {
  return (await fitWithEngine(input, options)).model;
}

/**
 * Reads both streams twice, for labels and bins' edges and then into bins; trains; ends the threads whatever comes. With the model
 * it gives the engine, whose memory holds what training came to.
 */
export async function fitWithEngine(input: FitInput, options: GbdtOptions): Promise<{ readonly model: GbdtModel; readonly engine: Engine }> {
  const prepared = await prepare(input, options);
  const shape = shapeOf(prepared, input, options);
  const memory = memoryFor(shape);
  const engine = new Engine(shape, memory);
  fillGiven(engine, prepared);
  await readBins(input.train, prepared.binner, engine.views.bins);
  if (input.validation !== undefined) await readBins(input.validation, prepared.binner, engine.views.heldBins);
  const crew = await Crew.start(engine, memory);
  try {
    const { booster, trained, notes, rate } = await boostAtBest(new Team(engine, crew), { prepared, input, options });
    const kept = trained.bestRound * shape.outputs;
    const summary = summaryOf({ ...prepared, notes: [...prepared.notes, ...notes] }, { trained, rate, trees: booster.trees.slice(0, kept), gains: booster.gains.slice(0, kept) });
    const forest = Forest.of(shape.outputs, booster.trees.slice(0, kept));
    return { model: new GbdtModel({ summary, binner: prepared.binner, start: prepared.start, forest }), engine };
  } finally {
    await crew?.end();
  }
}

async function prepare({ contract, train: source, validation, weigh }: FitInput, options: GbdtOptions): Promise<Prepared> {
  const sketch = new BinnerFit(contract, options);
  const train = await readLabels(source, { contract, weigh, purpose: 'training', see: (batch) => sketch.add(batch) });
  requireVariety(contract, train.labels);
  const { binner, notes } = sketch.finish();
  const held = validation === undefined ? undefined : await readLabels(validation, { contract, weigh, purpose: 'validation' });
  const start = startOf(contract.task, contract.classes.length, train);
  return { binner, notes, train, held, start, directions: directionsOf(binner, options.monotone) };
}

function shapeOf({ binner, train, held, start }: Prepared, { contract, threads }: FitInput, options: GbdtOptions): Shape {
  const rows = train.labels.length;
  const outputs = start.base.length;
  const worth = rows * binner.width * options.trees * outputs >= WORTH_THREADS;
  return {
    task: contract.task,
    rows,
    heldRows: held?.labels.length ?? 0,
    width: binner.width,
    counts: binner.counts,
    outputs,
    leaves: options.leaves,
    weighted: train.weights !== undefined,
    threads: threads ?? (worth ? availableParallelism() : 1),
    block: blockOf(rows),
  };
}

function fillGiven({ views }: Engine, { binner, train, held, start, directions }: Prepared): void {
  views.directions.set(directions);
  views.categories.set(binner.used.map((index) => (binner.features[index]!.kind === 'category' ? 1 : 0)));
  const scaled = (label: number): number => (label - start.mean) / start.deviation;
  views.labels.set(train.labels.map(scaled));
  views.weights.set(train.weights ?? []);
  if (held !== undefined) views.heldLabels.set(held.labels.map(scaled));
  views.heldWeights.set(held?.weights ?? []);
}

function fillScores({ shape, views }: Engine, { start }: Prepared): void {
  start.base.forEach((score, output) => {
    views.scores.fill(score, output * shape.rows, (output + 1) * shape.rows);
    views.heldScores.fill(score, output * shape.heldRows, (output + 1) * shape.heldRows);
  });
}

interface Job {
  readonly prepared: Prepared;
  readonly input: FitInput;
  readonly options: GbdtOptions;
}

interface Boosted {
  readonly booster: Booster;
  readonly trained: Trained;
}

/** Boosts at the first rate, and where that was too slow to come to an end, at the second; keeps what did better on held-out rows. */
async function boostAtBest(team: Team, job: Job): Promise<Boosted & { readonly notes: readonly string[]; readonly rate: number }> {
  const [rate, faster] = ratesFor(job.options, team.engine.shape, job.input.rounds);
  const first = await boost(team, { ...job, rate });
  if (faster === undefined || !isSlow(first.trained, job.options)) return { ...first, notes: [], rate };
  const second = await boost(team, { ...job, rate: faster, part: `learning rate ${faster}` });
  const better = lossOf(second.trained) < lossOf(first.trained);
  return { ...(better ? second : first), rate: better ? faster : rate, notes: [`learning_rate: ${better ? faster : rate} of ${rate}, ${faster}, by the held-out loss`] };
}

async function boost(team: Team, { prepared, input, options, rate, part }: Job & { readonly rate: number; readonly part?: string }): Promise<Boosted> {
  const { train, held } = prepared;
  fillScores(team.engine, prepared);
  const booster = new Booster({ team, options, rate, seed: input.seed, weight: weightOf(train), heldWeight: held === undefined ? 0 : weightOf(held) });
  const trained = await runRounds(booster, { team, options, rate, part, rounds: input.rounds, progress: input.progress });
  return { booster, trained };
}

function weightOf({ labels, weights }: Labelled): number {
  return weights === undefined ? labels.length : weights.reduce((sum, weight) => sum + weight, 0);
}
