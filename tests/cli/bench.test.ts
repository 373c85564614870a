import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ROOT, runJob, temporaryFolder } from '../support/job.ts';

test('npm run bench measures a night in a folder of its own, and leaves nothing behind', async () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  expect(scripts['bench']).toBe('node src/launch.mjs bench');
  const folder = temporaryFolder('bench');
  const { code, stdout } = await runJob(['bench', '--size', 'default', '--warehouse', 'sqlite', '--set', 'model.family=linear', '--set', 'split.train_days=14', '--json'], { env: { TMPDIR: folder } });
  expect(code).toBe(0);
  const { machine, nights } = JSON.parse(stdout) as { machine: object; nights: readonly { steps: readonly Record<string, number>[]; wall_seconds: number }[] };
  expect(machine).toMatchObject({ cores: expect.any(Number), cpu: expect.any(String), node: process.versions.node });
  expect(nights).toMatchObject([{ warehouse: 'sqlite', size: 'default', runs: 1, sample: { rows: 378_084 } }]);
  const [night] = nights;
  expect(night?.steps.map(({ name }) => name)).toEqual(['01-extract', '02-split', '03-train', '04-evaluate', '05-score', '06-test', '07-publish']);
  for (const { wall_seconds, sql_seconds, training_seconds, tests_seconds, overhead_seconds, peak_mb, ready_seconds } of night?.steps ?? []) {
    expect(sql_seconds! + training_seconds! + tests_seconds! + overhead_seconds!).toBeCloseTo(wall_seconds!, 2);
    expect(peak_mb).toBeGreaterThan(20);
    expect(ready_seconds).toBeGreaterThan(0);
  }
  expect(readdirSync(folder).filter((name) => name.startsWith('nightshift'))).toEqual([]);
  rmSync(folder, { recursive: true });
});

test('bench is not listed among the commands of the job, and refuses what it does not know', async () => {
  expect((await runJob(['--help'])).stdout).not.toContain('bench');
  expect(await runJob(['bench', '--size', 'huge'])).toMatchObject({ code: 2, stderr: expect.stringContaining('default, full, both') });
});
