import { defineStep, trainModel } from 'nightshift';

export default defineStep({
  about: 'Train batch to a model in models/<run>/, and a linear one to hold it against',
  reads: ['train', 'contract'],
  writes: ['model'],
  async run(step) {
    step.writeResult('model', await trainModel(step));
  },
});
