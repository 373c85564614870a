import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { withFolder } from '../contract/warehouses.ts';
import { runJob } from '../support/job.ts';

test('bench score scores a file in a project of its own, tells the phases and leaves nothing behind', async () => {
  await withFolder(async (folder) => {
    const temporary = join(folder, 'tmp');
    mkdirSync(temporary);
    const { code, stdout } = await runJob(['bench', 'score', '--rows', '3000', '--family', 'linear', '--warehouse', 'sqlite', '--json'], { env: { TMPDIR: temporary } });
    expect(code).toBe(0);
    const { scorings } = JSON.parse(stdout) as { scorings: readonly { rows_per_second: number; wall_seconds: number; peak_mb: number; seconds: Readonly<Record<string, number>> }[] };
    expect(scorings).toMatchObject([{ warehouse: 'sqlite', family: 'linear', rows: 3000 }]);
    const [{ rows_per_second: pace, wall_seconds: wall, peak_mb: peak, seconds }] = scorings as [(typeof scorings)[number]];
    expect(Math.abs(pace - 3000 / wall)).toBeLessThan(1);
    expect(peak).toBeGreaterThan(50);
    expect(Object.keys(seconds)).toEqual(['read', 'features', 'predict', 'write']);
    expect(Object.values(seconds).reduce((sum, one) => sum + one)).toBeLessThan(wall);
    // Jest, which tests the night's scores, keeps a cache there.
    expect(readdirSync(temporary).filter((name) => name.startsWith('nightshift'))).toEqual([]);
  });
});
