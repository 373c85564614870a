import type { Task } from '../dataset/contract.ts';
import type { Figures } from './fit-request.ts';
import { type Means, meansOf } from './means.ts';
import { PEER_TREES } from './peer.ts';
import { ratiosOfFamilies } from './quality-ratios.ts';
import type { FamilyQuality, TableQuality } from './quality.ts';
import { ratiosJson } from './ratios.ts';

/** One table's figures, with the names that `--json` uses. */
export function tableJson({ name, shape, testRows, families, peer }: TableQuality): object {
  const { task, label, features, classes } = shape.contract;
  const names = (kind: string): readonly string[] => features.filter((feature) => feature.kind === kind).map((feature) => feature.name);
  return {
    table: name,
    task,
    label,
    ...(shape.positive === undefined ? {} : { positive: shape.positive }),
    ...(classes.length === 0 ? {} : { classes }),
    rows: shape.trainRows,
    test_rows: testRows,
    features: { number: names('number'), category: names('category') },
    families: families.map((one) => ({ ...familyJson(one), ...ratioJson(one, peer, task) })),
    ...(peer === undefined ? {} : { peer: { ...familyJson(peer), version: peer.fits[0]?.figures.version ?? null, trees: PEER_TREES } }),
  };
}

function ratioJson(family: FamilyQuality, peer: FamilyQuality | undefined, task: Task): object {
  const ratios = peer === undefined ? undefined : ratiosOfFamilies(family, peer, task);
  return ratios === undefined ? {} : { ratio: ratiosJson(ratios) };
}

function familyJson({ family, fits, error }: FamilyQuality): object {
  const means = meansOf(fits.map(({ figures }) => figures));
  return {
    family,
    status: error === undefined ? 'done' : 'failed',
    ...(error === undefined ? {} : { error: { code: error.code, what: error.details.what, where: error.details.where, found: error.details.found, expected: error.details.expected, fix: error.details.fix } }),
    ...(means === undefined || error !== undefined ? {} : { mean: meansJson(means) }),
    seeds: fits.map(({ seed, figures }) => ({ seed, ...figuresJson(figures) })),
  };
}

function figuresJson(figures: Figures): object {
  if (figures.summary === undefined) return meansJson(figures);
  const { unit, rounds, bestRound, parameters, notes, rows, validationRows, backend } = figures.summary;
  return { ...meansJson(figures), training: { backend, rows, validation_rows: validationRows, unit, rounds, best_round: bestRound, parameters, notes } };
}

export function meansJson({ metrics, trainSeconds, trainCpuSeconds, predictRowsPerSecond, peakMb }: Means): object {
  return { metrics, train_seconds: rounded(trainSeconds), train_cpu_seconds: rounded(trainCpuSeconds), predict_rows_per_second: Math.round(predictRowsPerSecond), peak_mb: rounded(peakMb) };
}

export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
