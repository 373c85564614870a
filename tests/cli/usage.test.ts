import { expect, test } from '@jest/globals';
import { runJob } from '../support/job.ts';

test.each([
  [['--as-of', '2001-02-30']],
  [['--nonsense']],
  [['step']],
  [['--project', '/no such folder']],
  [['--try', '--publish']],
  [['--warehouse', 'postgres']],
  [['--set', 'a.b=1']],
  [['no-such-word']],
])('bad usage, %j, ends with exit code 2 and one object on stdout', async (args) => {
  const { code, stdout } = await runJob([...args, '--json']);
  const report = JSON.parse(stdout) as object;
  expect({ code, report }).toMatchObject({ code: 2, report: { run_id: null, status: 'failed', exit_code: 2, steps: [], scores: null, error: { code: expect.any(String), what: expect.any(String) } } });
});
