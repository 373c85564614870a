// Run by `npm run approve`, on every platform: takes what the models give now for right, and prints what changed.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const jest = resolve(import.meta.dirname, '../../node_modules/jest/bin/jest.js');
const { status } = spawnSync(process.execPath, ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest, 'tests/outputs'], {
  cwd: resolve(import.meta.dirname, '../..'),
  env: { ...process.env, NIGHTSHIFT_APPROVE: '1' },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
