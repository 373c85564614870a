import { blindTest, checkSources, defineStep, makeRelations } from 'nightshift';

export default defineStep({
  about: 'Source tables to features: what was known of each row before its cutoff',
  async run(step) {
    await checkSources(step);
    await makeRelations(step);
    await blindTest(step);
  },
});
