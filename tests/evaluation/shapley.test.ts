import { describe, expect, test } from '@jest/globals';
import { array, assert, asyncProperty, constantFrom, double, integer } from 'fast-check';
import { type Game, shapleyShares } from '../../src/evaluation/shapley.ts';

type Worth = (members: readonly boolean[]) => number;

/** A game by what one coalition is worth. */
function gameOf(players: number, worth: Worth, { seed = 1, most = 2000 }: { seed?: number; most?: number } = {}): Game {
  const one = (members: Uint8Array, at: number): number => worth(Array.from(members.subarray(at * players, (at + 1) * players), (member) => member === 1));
  return { players, seed, most, worth: async (members, coalitions) => Float64Array.from({ length: coalitions }, (_, at) => one(members, at)) };
}

const sum = (values: Iterable<number>): number => [...values].reduce((total, value) => total + value, 0);
const value = double({ min: -10, max: 10, noNaN: true });
const weights = array(value, { minLength: 1, maxLength: 14 });
/** Every coalition measured, and orders drawn. */
const ways = constantFrom(2 ** 14, 60);
/** A game without structure: what a coalition is worth follows from its members by a hash. */
const wild = (salt: number): Worth => (members) => Math.sin(salt + members.reduce((code, member, player) => (member ? code * 31 + player + 7 : code * 17), 1) % 1000);

describe('Shapley shares', () => {
  test('of a linear game are its terms, however few orders are drawn', async () => {
    await assert(asyncProperty(weights, ways, async (terms, most) => {
      const { contributions, errors, empty } = await shapleyShares(gameOf(terms.length, (members) => 3 + sum(terms.map((term, i) => (members[i] === true ? term : 0))), { most }));
      expect(empty).toBe(3);
      terms.forEach((term, i) => expect(contributions[i]).toBeCloseTo(term, 10));
      errors.forEach((error) => expect(error).toBeLessThan(1e-10));
    }), { numRuns: 60 });
  });

  test('add up to what all are worth beyond what nobody is', async () => {
    await assert(asyncProperty(integer({ min: 1, max: 14 }), integer(), ways, async (players, salt, most) => {
      const { contributions, empty, full } = await shapleyShares(gameOf(players, wild(salt), { most }));
      expect(sum(contributions)).toBeCloseTo(full - empty, 10);
    }), { numRuns: 60 });
  });

  test('are nothing for who adds nothing, and equal for who adds the same', async () => {
    await assert(asyncProperty(integer({ min: 3, max: 12 }), integer(), async (players, salt) => {
      const [first, second] = [0, 1];
      // The first two count by how many of them there are; the last does not count.
      const worth: Worth = (members) => wild(salt)(members.slice(2, -1)) * (1 + Number(members[first]) + Number(members[second]));
      const { contributions } = await shapleyShares(gameOf(players, worth, { most: 2 ** 12 }));
      expect(contributions.at(-1)).toBe(0);
      expect(contributions[first]).toBeCloseTo(contributions[second]!, 12);
      expect((await shapleyShares(gameOf(players, worth, { most: 40 }))).contributions.at(-1)).toBe(0);
    }), { numRuns: 40 });
  });

  test('of the glove game are those of the textbook', async () => {
    // One has a left glove, two a right one; a pair is worth 1.
    const { contributions, orders } = await shapleyShares(gameOf(3, ([left, ...right]) => (left === true && right.includes(true) ? 1 : 0)));
    expect([...contributions].map((share) => share.toFixed(12))).toEqual([(2 / 3).toFixed(12), (1 / 6).toFixed(12), (1 / 6).toFixed(12)]);
    expect(orders).toBeNull();
  });

  test('that are drawn lie within their errors of those that are exact, and the same seed gives the same bytes', async () => {
    const exact = await shapleyShares(gameOf(12, wild(5), { most: 4096 }));
    const drawn = await shapleyShares(gameOf(12, wild(5), { most: 3000 }));
    const off = exact.contributions.map((share, i) => Math.abs(share - drawn.contributions[i]!) / drawn.errors[i]!);
    expect(Math.max(...off)).toBeLessThan(4);
    expect(off.some((one) => one > 0.1)).toBe(true);
    expect(await shapleyShares(gameOf(12, wild(5), { most: 3000 }))).toEqual(drawn);
    expect((await shapleyShares(gameOf(12, wild(5), { most: 3000, seed: 2 }))).contributions).not.toEqual(drawn.contributions);
  });

  test('measure no more coalitions than allowed, and stop when they are sure', async () => {
    let seen = 0;
    const counted = (worth: Worth): Game => {
      const game = gameOf(20, worth);
      return { ...game, worth: (members, coalitions) => ((seen += coalitions), game.worth(members, coalitions)) };
    };
    const wildly = await shapleyShares(counted(wild(1)));
    expect([seen, wildly.measured <= 2000]).toEqual([wildly.measured, true]);
    expect((await shapleyShares(counted((members) => members.filter(Boolean).length))).orders).toBe(16);
  });

  test('of nobody are none', async () => {
    expect(await shapleyShares(gameOf(0, () => 7))).toMatchObject({ empty: 7, full: 7, contributions: new Float64Array(0) });
  });
});
