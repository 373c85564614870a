import { execFileSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Bundles the program as its launcher does, and tells the tests where: what runs on worker threads is loaded from there. */
export default function bundle() {
  process.env['NIGHTSHIFT_BUNDLE'] = execFileSync(process.execPath, [join(root, 'src/launch.mjs'), 'bundle'], { encoding: 'utf8' }).trim();
}
