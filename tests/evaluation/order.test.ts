import { expect, test } from '@jest/globals';
import { descendingOrder } from '../../src/evaluation/order.ts';
import { Random } from '../../src/evaluation/random.ts';

/** Values of every size and sign, many of them equal. */
function mixture(rows: number): Float64Array {
  const random = new Random(rows);
  const special = [0, -0, 1, -1, Number.MIN_VALUE, -Number.MIN_VALUE, Number.MAX_VALUE, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return new Float64Array(rows).map(() => {
    const kind = random.below(4);
    if (kind === 0) return special[random.below(special.length)]!;
    if (kind === 1) return Math.fround(random.uniform());
    return kind === 2 ? random.below(50) / 7 : random.normal() * 10 ** (random.below(40) - 20);
  });
}

test.each([0, 1, 2, 100, 4095, 4096, 20_000])('%i rows come by falling value, equal ones in their own order', (rows) => {
  const values = mixture(rows);
  const expected = Array.from(values.keys()).sort((a, b) => (values[a] === values[b] ? a - b : values[a]! < values[b]! ? 1 : -1));
  expect(Array.from(descendingOrder(values))).toEqual(expected);
});

test('a large column of one value keeps its order', () => {
  expect(descendingOrder(new Float64Array(5000).fill(0.25))).toEqual(Uint32Array.from({ length: 5000 }, (_, i) => i));
});
