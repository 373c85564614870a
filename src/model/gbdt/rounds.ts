import type { FitProgress, TrainingSummary } from '../family.ts';
import type { Booster } from './booster.ts';
import type { GbdtOptions } from '../gbdt-family.ts';
import { NightshiftError } from '../../shared/errors.ts';
import type { Team } from './team.ts';

export interface Trained {
  readonly curve: TrainingSummary['curve'];
  /** The round of least held-out loss, from 1; the last where nothing is held out. */
  readonly bestRound: number;
}

export interface Running {
  readonly team: Team;
  readonly options: GbdtOptions;
  readonly rate: number;
  /** What progress is to call it. */
  readonly part: string | undefined;
  readonly rounds: number | undefined;
  readonly progress: (progress: FitProgress) => void;
}

/** Boosts until all rounds are done or the held-out loss has not fallen for `patience` of them. A loss that is no number is `loss-nan`. */
export async function runRounds(booster: Booster, { team, options, rate, part, rounds: most, progress }: Running): Promise<Trained> {
  const rounds = Math.min(options.trees, most ?? options.trees);
  const started = performance.now();
  const curve: TrainingSummary['curve'][number][] = [];
  let best = { round: 0, loss: Infinity };
  booster.begin();
  for (let round = 1; round <= rounds && round - best.round <= options.patience; round++) {
    const point = await booster.round(round);
    if (!Number.isFinite(point.trainLoss + (point.validationLoss ?? 0))) throw lossNotFinite(round, rate);
    curve.push(point);
    const loss = point.validationLoss ?? -round;
    if (loss < best.loss) best = { round, loss };
    progress({ ...progressOf(point, { rounds, rows: team.engine.shape.rows, seconds: (performance.now() - started) / 1000 }), part });
    await team.giveWay();
  }
  return { curve, bestRound: best.round };
}

function progressOf(point: TrainingSummary['curve'][number], { rounds, rows, seconds }: { readonly rounds: number; readonly rows: number; readonly seconds: number }): FitProgress {
  const { round, trainLoss, validationLoss } = point;
  return { unit: 'tree', round, rounds, rowsPerSecond: (round * rows) / seconds, secondsLeft: ((rounds - round) * seconds) / round, trainLoss, validationLoss: validationLoss ?? NaN };
}

function lossNotFinite(round: number, rate: number): NightshiftError {
  return new NightshiftError({
    code: 'loss-nan',
    what: 'Training came apart: the loss is no longer a number.',
    where: `round ${round}, learning rate ${rate}`,
    found: 'a loss of NaN or infinity',
    expected: 'a finite loss',
    fix: 'Look for labels or weights of enormous size.',
  });
}
