// Ranks count from 1 without gaps, higher scores rank higher, and the classes follow the scores.
import { expect, test } from '@jest/globals';
import { outputs } from 'nightshift/testing';

test('ranks count from 1 without gaps and higher scores rank higher', async () => {
  const { staged, close } = await outputs();
  try {
    const byRank = (await staged()).toSorted((a, b) => a.rank - b.rank);
    expect(byRank.findIndex(({ rank }, place) => rank !== place + 1)).toBe(-1);
    expect(byRank.findIndex(({ score }, place) => place > 0 && score > (byRank[place - 1]?.score ?? 1))).toBe(-1);
    expect(byRank.findIndex((row, place) => place > 0 && row.class > (byRank[place - 1]?.class ?? 1))).toBe(-1);
  } finally {
    await close();
  }
});
