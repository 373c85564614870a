import { blindTest, checkSources, defineStep, makeRelations } from 'nightshift';

export default defineStep({
  about: 'CSV files to features: what was known of each customer on the day of each snapshot',
  async run(step) {
    await checkSources(step);
    await makeRelations(step);
    await blindTest(step);
  },
});
