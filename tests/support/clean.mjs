import { rmSync } from 'node:fs';

/** Removes the folder of the tests' temporary files. */
export default function clean() {
  rmSync(process.env['NIGHTSHIFT_TESTS'], { recursive: true, force: true });
}
