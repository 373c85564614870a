import { blindTest, checkSources, defineStep, makeRelations, writeContract } from 'nightshift';

export default defineStep({
  about: 'Source tables to features: what was known of each row before its cutoff',
  writes: ['contract'],
  async run(step) {
    await checkSources(step);
    await makeRelations(step);
    await blindTest(step);
    await writeContract(step);
  },
});
