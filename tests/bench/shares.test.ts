import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { nightLogs } from '../../src/bench/night-logs.ts';
import { sharesOf, sumOf } from '../../src/bench/shares.ts';
import { Logs } from '../../src/pipeline/logs.ts';
import { withFolder } from '../contract/warehouses.ts';

test('the shares of a step add up to its wall time, and what its log does not speak of is overhead', () => {
  const events = [
    { event: 'ready', seconds: 0.1 },
    { event: 'source flights', seconds: 0.5 },
    { event: 'steps/01-extract/rows.sql', seconds: 1 },
    { event: 'blind test of 2001-06-10', seconds: 0.25 },
  ];
  expect(sharesOf(2, events)).toEqual({ sql: 1.75, training: 0, tests: 0, overhead: 0.25 });
});

test('reading rows is overhead, though a fit waits for it', () => {
  const events = [{ event: 'read rows for mlp', seconds: 1 }, { event: 'fit mlp', seconds: 4 }, { event: 'read rows for linear', seconds: 0.5 }, { event: 'fit linear', seconds: 1 }];
  expect(sharesOf(5, events)).toEqual({ sql: 0, training: 3.5, tests: 0, overhead: 1.5 });
});

test('the batch’s tests are those in SQL and Jest as a whole', () => {
  const events = [{ event: 'steps/06-test/rows.sql', seconds: 0.25 }, { event: 'Jest', seconds: 0.5 }, { event: 'steps/06-test/model.test.ts', seconds: 0.25 }];
  const tested = sharesOf(1, events);
  expect(tested).toEqual({ sql: 0, training: 0, tests: 0.75, overhead: 0.25 });
  expect(sumOf([tested, tested])).toEqual({ sql: 0, training: 0, tests: 1.5, overhead: 0.5 });
});

test('a night’s figures are read from its logs as it writes them', async () => {
  await withFolder(async (folder) => {
    const places = { project: folder, state: folder, data: folder, models: folder, logs: join(folder, 'logs'), registry: join(folder, 'runs.db') };
    mkdirSync(places.logs);
    const logs = new Logs(places, { runId: '2001-06-10-0123abcd', asOf: '2001-06-10', attempt: 1 });
    logs.event('02-split', { event: 'ready', seconds: 0.125 });
    logs.event('02-split', { event: 'steps/02-split/train.sql', rows: 10, seconds: 1.5, message: 'a "quoted", message' });
    logs.event('02-split', { event: 'train', rows: 10 });
    logs.step({ step: '02-split', startedAt: new Date(0), seconds: 2, cpuSeconds: 1.75, peakMb: 100, rows: 10, status: 'done' });
    expect(await nightLogs(places.logs)).toEqual([
      { step: '02-split', rows: 10, wallSeconds: 2, cpuSeconds: 1.75, peakMb: 100, readySeconds: 0.125, shares: { sql: 1.5, training: 0, tests: 0, overhead: 0.5 } },
    ]);
  });
});
