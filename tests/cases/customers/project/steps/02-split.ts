import { checkSplit, defineStep, makeRelations } from 'nightshift';

export default defineStep({
  about: 'Features to train, test and fresh batches, with leak checks',
  async run(step) {
    await makeRelations(step);
    await checkSplit(step);
  },
});
