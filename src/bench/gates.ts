import { compareModels } from '../evaluation/compare.ts';
import type { Gate } from '../evaluation/gate.ts';
import { comparisonsOf, judge } from '../evaluation/gates.ts';
import { metricsOf } from '../evaluation/metrics.ts';
import { CHAMPION_NOISE, type Planted, noiseFor, plantNight } from './gates-data.ts';
import { StillFeatures } from './gates-drift.ts';

/** Gates that tell whether a model is worse at all: what refuses an equal one is a false alarm. */
export const STRICT: readonly Gate[] = [
  { metric: 'auc', no_worse_than: 'champion', margin: 0 },
  { metric: 'log_loss', no_worse_than: 'champion', margin: 0 },
  { metric: 'auc', no_worse_than: 'champion', margin: 0, slices: true },
];
/** Gates as a project would set them. */
export const USUAL: readonly Gate[] = [
  { metric: 'auc', no_worse_than: 'champion', margin: 0.02 },
  { metric: 'log_loss', no_worse_than: 'champion', margin: 0.01 },
  { metric: 'auc', no_worse_than: 'champion', margin: 0.1, slices: true },
];

export interface GatesRequest {
  /** Pairs of models for each line. */
  readonly pairs: number;
  /** Of equal models, below 100,000 rows. */
  readonly equalPairs: number;
  readonly progress: (text: string) => void;
}

/** How often each verdict came, as shares of the nights. */
export interface Shares {
  readonly pass: number;
  readonly unclear: number;
  readonly fail: number;
}

/** A line of the benchmark: nights with models that differ by so much in truth. */
export interface GatesLine {
  readonly rows: number;
  readonly positives: number;
  /** By how much the candidate's AUC is lower in truth. */
  readonly loss: number;
  readonly nights: number;
  readonly strict: Shares;
  readonly usual: Shares;
  /** The share of the nights in which one of forty features that stayed as they were was warned of; null where not measured. */
  readonly driftWarned: number | null;
  readonly cpuSeconds: number;
}

const LEVEL = 0.95;
const SIZES = [1_000, 10_000, 100_000] as const;
const POSITIVES = [0.03, 0.2] as const;
const LOSSES = [0, 0.01, 0.02, 0.05] as const;

/** Measures false alarms and power. Everything is drawn by seeds, so that the shares are the same on every machine. */
export async function benchGates({ pairs, equalPairs, progress }: GatesRequest): Promise<readonly GatesLine[]> {
  const features = await StillFeatures.learned();
  const lines: GatesLine[] = [];
  for (const positives of POSITIVES) {
    for (const loss of LOSSES) {
      const planted: Planted = { positives, champion: CHAMPION_NOISE, candidate: noiseFor(positives, loss) };
      for (const rows of SIZES) {
        const nights = rows === 100_000 ? Math.ceil(pairs / 5) : loss === 0 ? equalPairs : pairs;
        progress(`${nights} nights of ${rows} rows, ${100 * positives}% positives, AUC ${loss} worse`);
        const line = measure(planted, { rows, nights });
        lines.push({ ...line, positives, loss, driftWarned: loss === 0 && positives === POSITIVES[0] ? await driftWarned(features, { rows, nights }) : null });
      }
    }
  }
  return lines;
}

interface Nights {
  readonly rows: number;
  readonly nights: number;
}

function measure(planted: Planted, { rows, nights }: Nights): Omit<GatesLine, 'positives' | 'loss' | 'driftWarned'> {
  const began = process.cpuUsage();
  const verdicts = Array.from({ length: nights }, (_, night) => judgeNight(planted, rows, 1 + night));
  const { user, system } = process.cpuUsage(began);
  const sharesOf = (gates: 'strict' | 'usual'): Shares => {
    const share = (verdict: string): number => verdicts.filter((one) => one[gates] === verdict).length / nights;
    return { pass: share('pass'), unclear: share('unclear'), fail: share('fail') };
  };
  return { rows, nights, strict: sharesOf('strict'), usual: sharesOf('usual'), cpuSeconds: (user + system) / 1e6 / nights };
}

function judgeNight(planted: Planted, rows: number, seed: number): { readonly strict: string; readonly usual: string } {
  const { candidate, champion, slice } = plantNight(planted, rows, seed);
  const contest = { candidate, opponents: new Map([['champion', champion] as const]), slices: new Map([['slice', slice]]) };
  const comparisons = compareModels(contest, comparisonsOf(STRICT, ['slice']), { task: 'binary', seed, level: LEVEL });
  const facts = { task: 'binary', metrics: metricsOf('binary', candidate), comparisons } as const;
  return { strict: judge(STRICT, facts).verdict, usual: judge(USUAL, facts).verdict };
}

async function driftWarned(features: StillFeatures, { rows, nights }: Nights): Promise<number> {
  let warned = 0;
  for (let night = 0; night < nights; night++) if ((await features.warnings(rows, 1000 + night)) > 0) warned++;
  return warned / nights;
}
