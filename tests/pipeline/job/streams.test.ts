import { expect, test } from '@jest/globals';
import type { ColumnBatch } from '../../../src/dataset/batch.ts';
import { StreamMeter, remembered } from '../../../src/pipeline/job/streams.ts';
import { batchOf } from '../../contract/warehouses.ts';

const BATCHES = [batchOf({ n: [1, 2, null], place: ['Zug', 'Bern', 'Zug'] }), batchOf({ n: [4], place: ['Bern'] })];
/** Doubles, a mask where something is missing, codes. */
const BYTES = 3 * 8 + 3 + 3 * 4 + 8 + 4;

function counted() {
  const readings = { count: 0 };
  const source = async function* (): AsyncGenerator<ColumnBatch> {
    readings.count += 1;
    yield* BATCHES;
  };
  return { readings, source };
}

async function all(batches: AsyncIterable<ColumnBatch>): Promise<readonly ColumnBatch[]> {
  const seen: ColumnBatch[] = [];
  for await (const batch of batches) seen.push(batch);
  return seen;
}

test('rows that were read to their end are not read again', async () => {
  const { readings, source } = counted();
  const rows = remembered(source, BYTES);
  expect(await all(rows())).toEqual(BATCHES);
  expect(await all(rows())).toEqual(BATCHES);
  expect(readings.count).toBe(1);
});

test('rows that take too much room are read anew each time', async () => {
  const { readings, source } = counted();
  const rows = remembered(source, BYTES - 1);
  expect(await all(rows())).toEqual(BATCHES);
  expect(await all(rows())).toEqual(BATCHES);
  expect(readings.count).toBe(2);
});

test('a reading that is left early keeps nothing', async () => {
  const { source } = counted();
  const rows = remembered(source, BYTES);
  for await (const batch of rows()) if (batch.rows > 0) break;
  expect(await all(rows())).toEqual(BATCHES);
});

test('a meter counts rows and the time that was spent waiting for them, at every reading', async () => {
  const meter = new StreamMeter();
  const rows = meter.over(counted().source);
  expect(await all(rows())).toEqual(BATCHES);
  await all(rows());
  expect(meter.rows).toBe(8);
  expect(meter.seconds).toBeGreaterThan(0);
  expect(meter.seconds).toBeLessThan(1);
});
