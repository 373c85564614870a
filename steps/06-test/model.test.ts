// The saved model, loaded again, gives the staged scores exactly.
// severity: error
import { expect, test } from '@jest/globals';
import { outputs } from 'nightshift/testing';

test('the saved model, loaded again, gives the staged scores exactly', async () => {
  const { fresh, staged, predict, close } = await outputs();
  try {
    const scores = await predict(fresh());
    const kept = await staged();
    expect(scores.length).toBe(kept.length);
    expect(kept.findIndex(({ score }, row) => score !== scores[row])).toBe(-1);
  } finally {
    await close();
  }
});
