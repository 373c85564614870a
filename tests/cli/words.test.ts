import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { ROOT, runJob } from '../support/job.ts';

test('a command that there is not is answered with the closest', async () => {
  const { code, stderr } = await runJob(['plam']);
  expect(code).toBe(2);
  expect(stderr).toContain('There is no such command');
  expect(stderr).toContain('did you mean run.sh plan?');
});

test('a command after its options is told its place', async () => {
  const { code, stderr } = await runJob(['--project', ROOT, 'plan']);
  expect(code).toBe(2);
  expect(stderr).toContain('put the command first: run.sh plan');
});

test('who reads may go before all is said', async () => {
  if (process.platform === 'win32') return;
  const { stdout, stderr } = await promisify(execFile)('sh', ['-c', `"${join(ROOT, 'run.sh')}" --help | head -n 1; sleep 0.2`]);
  expect(stdout).toContain('Usage: run.sh');
  expect(stderr).not.toContain('EPIPE');
});
