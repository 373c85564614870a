import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { type StepProcess, StepProcesses } from '../../src/pipeline/step-process.ts';

const talk = { log: () => undefined, progress: () => undefined };
const processes = new StepProcesses();
const taken: StepProcess[] = [];

function take(isLast: boolean): StepProcess {
  const one = processes.take(isLast);
  taken.push(one);
  return one;
}

afterEach(() => {
  processes.end();
  for (const one of taken) one.kill();
});

async function gone(one: StepProcess): Promise<void> {
  while (one.isThere) await sleep(10);
}

test('the process of a step waits until it is told; one that died meanwhile is replaced, and what was told to a dead one says how it died', async () => {
  processes.begin();
  const first = take(false);
  await sleep(500);
  expect(first.isThere).toBe(true);
  first.kill();
  await gone(first);
  expect(await first.work('nothing.context.json', talk)).toEqual({ code: null, signal: 'SIGKILL' });

  const second = take(true);
  expect(second).not.toBe(first);
  await sleep(500);
  expect(second.isThere).toBe(true);
});
