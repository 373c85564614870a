import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { benchQuality } from '../../src/bench/quality.ts';
import { withFolder } from '../contract/warehouses.ts';
import { runJob } from '../support/job.ts';
import { madeRows, writeTable } from './tables.ts';

const header = 'amount,colour,bought';
const good = { train: [header, ...madeRows(600, 1)], test: [header, ...madeRows(200, 2)] };

interface Report {
  readonly tables: readonly { readonly table: string; readonly families: readonly { readonly status: string; readonly mean?: Figures; readonly seeds: readonly (Figures & { readonly seed: number })[]; readonly error?: { readonly code: string } }[] }[];
}

interface Figures {
  readonly metrics: Readonly<Record<string, number>>;
  readonly train_seconds: number;
  readonly predict_rows_per_second: number;
  readonly peak_mb: number;
}

test('bench quality trains on every table of a folder, each seed in a process of its own, and leaves nothing behind', async () => {
  await withFolder(async (folder) => {
    const [data, temporary] = [join(folder, 'data'), join(folder, 'tmp')];
    mkdirSync(temporary);
    writeTable(data, 'made', good);
    const { code, stdout, stderr } = await runJob(['bench', 'quality', '--data', data, '--family', 'linear', '--seeds', '2', '--option', 'l2=1', '--json'], { env: { TMPDIR: temporary } });
    expect({ code, lines: stderr.trim().split('\n').length }).toEqual({ code: 0, lines: 2 });
    const { tables } = JSON.parse(stdout) as Report;
    expect(tables).toMatchObject([{ table: 'made', task: 'binary', label: 'bought', positive: 'yes', rows: 600, test_rows: 200, features: { number: ['amount'], category: ['colour'] }, families: [{ family: 'linear', status: 'done' }] }]);
    const [{ mean, seeds }] = tables[0]!.families as [Report['tables'][number]['families'][number]];
    expect(seeds).toMatchObject([1, 2].map((seed) => ({ seed, metrics: { rows: 200 }, training: { backend: 'wasm', rows: 510, validation_rows: 90 } })));
    expect(mean?.metrics['log_loss']).toBeCloseTo((seeds[0]!.metrics['log_loss']! + seeds[1]!.metrics['log_loss']!) / 2, 10);
    // A tenth of the labels is turned round: nothing can be surer than that, and what knows nothing has a log loss of 0.69.
    expect(seeds[0]!.metrics['log_loss']).toBeGreaterThan(0.3);
    expect(seeds[0]!.metrics['log_loss']).toBeLessThan(0.5);
    for (const { train_seconds, predict_rows_per_second, peak_mb } of seeds) {
      expect(train_seconds).toBeGreaterThan(0);
      expect(predict_rows_per_second).toBeGreaterThan(1000);
      expect(peak_mb).toBeGreaterThan(40);
    }
    expect(readdirSync(temporary).filter((name) => name.startsWith('nightshift'))).toEqual([]);
  });
});

test('where a training fails, the others are still told, and the exit code says so', async () => {
  await withFolder(async (folder) => {
    writeTable(folder, 'good', good);
    writeTable(folder, 'tiny', { train: [header, '1,red,no', '2,red,no', '3,red,no', '4,red,yes'], test: [header, '1,red,no'] });
    const { code, stdout, stderr } = await runJob(['bench', 'quality', '--data', folder, '--family', 'linear', '--validation', '0.7', '--option', 'epochs=2']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/tiny, linear: Every training row has the same label/);
    expect(stdout).toMatch(/log loss, or RMSE\n +linear\n {2}good +0\.\d+\n {2}tiny +failed\n/);
  });
});

test('what cannot be measured is told before anything is trained', async () => {
  await withFolder(async (folder) => {
    writeTable(folder, 'a', good);
    writeTable(folder, 'b', { ...good, test: [header, '1,red,'] });
    const asked = { data: folder, tables: [], families: ['linear'], options: {}, backend: 'wasm', budget: undefined, seeds: 1, validationShare: 0.15, peer: false, progress: () => undefined, line: () => undefined } as const;
    await expect(benchQuality(asked)).rejects.toMatchObject({ code: 'bench-unlabelled', message: expect.stringContaining('b.test.csv, line 2') });
    await expect(benchQuality({ ...asked, tables: ['a'], families: ['liner'] })).rejects.toMatchObject({ code: 'config-invalid', exitCode: 2 });
    await expect(benchQuality({ ...asked, tables: ['a'], options: { l3: 1 } })).rejects.toMatchObject({ code: 'config-invalid', message: expect.stringContaining('Did you mean l2?') });
    process.env['NIGHTSHIFT_PEER_PYTHON'] = join(folder, 'python');
    await expect(benchQuality({ ...asked, tables: ['a'], peer: true }).finally(() => delete process.env['NIGHTSHIFT_PEER_PYTHON'])).rejects.toMatchObject({ code: 'bench-peer-missing', message: expect.stringMatching(/no such program[\s\S]*NIGHTSHIFT_PEER_PYTHON/) });
  });
});
