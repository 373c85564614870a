import { expect, test } from '@jest/globals';
import type { Figures } from '../../src/bench/fit-request.ts';
import type { FamilyQuality, TableQuality } from '../../src/bench/quality.ts';
import { tableJson } from '../../src/bench/quality-json.ts';
import { qualityLines } from '../../src/bench/quality-text.ts';
import type { Size } from '../../src/bench/sizes.ts';
import type { Speed } from '../../src/bench/speed.ts';
import { speedJson } from '../../src/bench/speed-json.ts';
import { speedLines } from '../../src/bench/speed-text.ts';
import { NightshiftError } from '../../src/shared/errors.ts';

function figuresOf(metrics: Figures['metrics'], times = 1): Figures {
  return { metrics, trainRows: 1000, trainSeconds: 2 * times, trainCpuSeconds: 3 * times, predictRowsPerSecond: 1000 / times, peakMb: 100 * times };
}

function fitsOf(family: string, losses: readonly number[], times = 1): FamilyQuality {
  return { family, fits: losses.map((rmse, i) => ({ seed: i + 1, figures: figuresOf({ rmse, r2: null }, times) })), error: undefined };
}

const error = new NightshiftError({ code: 'bench-died', what: 'It ended' });
const contract = { task: 'regression', features: [{ name: 'x', kind: 'number' }, { name: 'c', kind: 'category' }], label: 'y', classes: [] } as const;
const shape = { contract, positive: undefined, negative: undefined, trainRows: 1000 };

/** The lines below a title, up to the next empty one. */
function below(lines: readonly string[], title: string): readonly string[] {
  const from = lines.findIndex((line) => line.startsWith(title)) + 1;
  const until = lines.indexOf('', from);
  return lines.slice(from, until < 0 ? undefined : until);
}

test('families stand side by side with the peer, by their means, and each seed is told', () => {
  const table: TableQuality = { name: 'made', shape, testRows: 250, families: [fitsOf('linear', [10, 20]), { ...fitsOf('mlp', []), error }], peer: fitsOf('LightGBM', [10, 10], 2) };
  const lines = qualityLines([table], 2);
  expect(below(lines, 'log loss, or RMSE, the mean of 2 seeds')).toEqual(['        linear     mlp  LightGBM  linear/LightGBM  mlp/LightGBM', '  made  15.000  failed    10.000            1.500']);
  expect(below(lines, 'predicted, rows/s')[1]).toBe('  made   1,000  failed       500            2.000');
  expect(below(lines, 'AUC, accuracy of classes, or R²')).toEqual(['        linear     mlp  LightGBM', '  made          failed']);
  expect(below(lines, 'log loss, or RMSE of each seed').slice(1)).toEqual(['  made, seed 1  10.000  failed    10.000', '  made, seed 2  20.000  failed    10.000']);
  expect(tableJson(table)).toMatchObject({
    rows: 1000,
    test_rows: 250,
    features: { number: ['x'], category: ['c'] },
    families: [
      { family: 'linear', mean: { metrics: { rmse: 15, r2: null }, train_seconds: 2 }, ratio: { loss: 1.5, train_seconds: 0.5, predict_rows_per_second: 2, peak_mb: 0.5 } },
      { family: 'mlp', status: 'failed', error: { code: 'bench-died' } },
    ],
    peer: { family: 'LightGBM', mean: { metrics: { rmse: 10 } }, trees: 100 },
  });
});

test('sizes stand side by side, so that a line shows how a family grows', () => {
  const sizes = [2, 9].map((features): Size => ({ name: `1,000 × ${features}`, rows: 1000, features, on: (rows) => rows }));
  const speed = (family: string, backend: string, [size, times]: readonly [number, number]): Speed => ({ family, backend, size: sizes[size]!, rounds: 4, unit: 'epoch', figures: figuresOf({ log_loss: 0.5 }, times), error: undefined });
  const speeds = [speed('mlp', 'wasm', [0, 1]), speed('mlp', 'wasm', [1, 3]), { ...speed('gbdt', 'threads', [0, 1]), figures: undefined, error }, speed('LightGBM', '', [0, 2]), speed('LightGBM', '', [1, 2])];
  const report = { task: 'binary', sizes, speeds, hasNative: false } as const;
  const lines = speedLines(report);
  expect(lines).toContain('native TensorFlow is not installed');
  expect(below(lines, 'training, s')).toEqual(['                         1,000 × 2  1,000 × 9', '  mlp wasm                     2.0        6.0', '  gbdt threads              failed', '  LightGBM                     4.0        4.0', '  mlp wasm/LightGBM          0.500      1.500', '  gbdt threads/LightGBM']);
  expect(below(lines, 'trained, rows × rounds/s')[1]).toBe('  mlp wasm          2,000        667');
  expect(speedJson(report)).toMatchObject({ native: false, trainings: [{ family: 'mlp', backend: 'wasm', features: 2, train_row_rounds_per_second: 2000, ratio: { loss: 1, train_seconds: 0.5 } }, { ratio: { train_seconds: 1.5 } }, { family: 'gbdt', status: 'failed' }, { family: 'LightGBM', backend: null }, {}] });
});
