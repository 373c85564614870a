import { defineStep, testBatch } from 'nightshift';

export default defineStep({
  about: 'The batch’s own tests: SQL that returns offending rows, and Jest on the outputs',
  reads: ['fresh', 'staged', 'scoring', 'evaluation'],
  writes: ['tests'],
  async run(step) {
    step.writeResult('tests', { outcomes: await testBatch(step) });
  },
});
