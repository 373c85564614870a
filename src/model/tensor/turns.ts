let last: Promise<unknown> = Promise.resolve();

/**
 * Runs work with TensorFlow when all earlier work has ended. It has one current backend for the whole process and changes it while
 * waiting, so that two trainings at once, or a training and a prediction, could compute on each other's.
 */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = last.then(work);
  // Whoever asked for the work hears of its failure; the next in turn has no part in it.
  last = turn.catch(() => undefined);
  return turn;
}
