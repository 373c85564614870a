import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { KeySet } from '../../src/batchfile/key-set.ts';

function add(keys: KeySet, text: string): boolean {
  const bytes = Buffer.from(text);
  return keys.add(bytes, bytes.length);
}

test('a key is new once, whatever its length, as a Set has it', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string({ maxLength: 3 }), fc.string({ minLength: 15, maxLength: 40 }), fc.integer({ min: 0, max: 50 }).map(String))), (texts) => {
      const keys = new KeySet();
      const known = new Set<string>();
      for (const one of texts) {
        expect(add(keys, one)).toBe(!known.has(one));
        known.add(one);
      }
      expect(keys.size).toBe(known.size);
    }),
    { numRuns: 300, seed: 1 },
  );
});

test('three hundred thousand keys are told apart, and each is known again, in less than 9 MB', () => {
  const keys = new KeySet();
  const before = process.memoryUsage().arrayBuffers;
  const key = Buffer.alloc(9);
  const spell = (n: number): number => key.write(String(n * 7), 0, 'latin1');
  for (let i = 0; i < 300_000; i++) if (!keys.add(key, spell(i))) throw new Error(`${i * 7} was taken for another key`);
  for (let i = 0; i < 300_000; i += 3) if (keys.add(key, spell(i))) throw new Error(`${i * 7} was forgotten`);
  expect(keys.size).toBe(300_000);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(9e6);
});

test('keys longer than their digest are told apart', () => {
  const keys = new KeySet();
  const long = (end: string): string => 'customer/'.repeat(10) + end;
  expect([add(keys, long('1')), add(keys, long('2')), add(keys, long('1'))]).toEqual([true, true, false]);
});
