import { defineStep, evaluateModel } from 'nightshift';

export default defineStep({
  about: 'Test batch to metrics, slices and the verdict of the gates',
  reads: ['test', 'model'],
  writes: ['evaluation'],
  async run(step) {
    step.writeResult('evaluation', await evaluateModel(step));
  },
});
