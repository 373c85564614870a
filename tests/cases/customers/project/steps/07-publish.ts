import { defineStep, publishNight } from 'nightshift';

export default defineStep({
  about: 'If all of the above held: scores and champion become visible, at once',
  reads: ['staged', 'scoring', 'tests'],
  writes: ['scores', 'published'],
  publishes: true,
  async run(step) {
    await publishNight(step);
  },
});
