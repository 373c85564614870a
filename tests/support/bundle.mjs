import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * Bundles the program as its launcher does, and tells the tests where: what runs on worker threads is loaded from there. Temporary files are
 * in a folder that goes with the tests, since what a process would remove at its end stays behind where Jest runs the code.
 */
export default function bundle() {
  process.env['NIGHTSHIFT_BUNDLE'] = execFileSync(process.execPath, [join(root, 'src/launch.mjs'), 'bundle'], { encoding: 'utf8' }).trim();
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-tests-'));
  for (const name of ['NIGHTSHIFT_TESTS', 'TMPDIR', 'TEMP', 'TMP']) process.env[name] = folder;
}
