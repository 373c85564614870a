import type { FitFigures } from './fit-request.ts';
import { type Means, meansOf } from './means.ts';
import type { FamilyQuality, TableQuality } from './quality.ts';

/** One table's figures, with the names that `--json` uses. */
export function tableJson({ name, shape, testRows, families }: TableQuality): object {
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
    families: families.map(familyJson),
  };
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

function figuresJson(figures: FitFigures): object {
  const { unit, rounds, bestRound, parameters, notes, rows, validationRows, backend } = figures.summary;
  return { ...meansJson(figures), training: { backend, rows, validation_rows: validationRows, unit, rounds, best_round: bestRound, parameters, notes } };
}

export function meansJson({ metrics, trainSeconds, trainCpuSeconds, predictRowsPerSecond, peakMb }: Means): object {
  return { metrics, train_seconds: rounded(trainSeconds), train_cpu_seconds: rounded(trainCpuSeconds), predict_rows_per_second: Math.round(predictRowsPerSecond), peak_mb: rounded(peakMb) };
}

export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
