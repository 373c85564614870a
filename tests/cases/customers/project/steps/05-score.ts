import { defineStep, scoreFresh } from 'nightshift';

export default defineStep({
  about: 'Fresh batch to staged scores, by the model that won',
  reads: ['fresh', 'model', 'evaluation'],
  writes: ['staged', 'scoring'],
  async run(step) {
    step.writeResult('scoring', await scoreFresh(step));
  },
});
