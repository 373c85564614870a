import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type NightJson, runNightJson } from '../../support/job.ts';
import { CustomerProjects, edit } from './project.ts';

/** Three months with `auto`, whose choice holds for 45 days: the second month trains it again, the third chooses anew. */
const NIGHTS = ['2024-03-01', '2024-04-01', '2024-05-01'] as const;
const BLEND = ['--publish', '--set', 'model={family: auto, budget: 3s, options: {families: [linear, gbdt]}}', '--set', 'train.choose_every=45d'];

const projects = new CustomerProjects();
const nights: NightJson[] = [];
let project: string;

beforeAll(async () => {
  project = await projects.make('auto');
  for (const night of NIGHTS) nights.push(await runNightJson(['--project', project, '--as-of', night, ...BLEND]));
}, 300_000);

afterAll(() => projects.remove());

function fileOf(night: number, name: string): unknown {
  return JSON.parse(readFileSync(join(nights[night]!.model!.folder, name), 'utf8'));
}

describe('a family that chooses', () => {
  test('publishes each night, with its plan in the folder of the model', () => {
    expect(nights.map(({ status, error }) => [status, error])).toEqual(NIGHTS.map(() => ['done', undefined]));
    expect(fileOf(0, 'plan.json')).toMatchObject({ plan: { budget: 3, judgedBy: 'holdout' }, cut: [] });
  });

  test('chooses, and trains the same again as long as the choice holds', () => {
    const choices = nights.map((_, night) => fileOf(night, 'choice.json'));
    const [first, , third] = nights;
    expect(choices).toEqual([
      { run: first!.run_id, as_of: NIGHTS[0] },
      { run: first!.run_id, as_of: NIGHTS[0] },
      { run: third!.run_id, as_of: NIGHTS[2] },
    ]);
    const [chosen, again] = [0, 1].map((night) => fileOf(night, 'plan.json') as { picks: { name: string; weight: number; rounds: number }[] });
    const taken = (picks: typeof chosen) => picks!.picks.filter(({ weight }) => weight > 0).map(({ name, weight, rounds }) => ({ name, weight, rounds }));
    expect(taken(again)).toEqual(taken(chosen));
  });
});

test('classes that count more in training leave probabilities as they are, and a row that counts for nothing teaches nothing', async () => {
  edit(project, 'steps/01-extract/features.sql', (sql) => sql.replace('  r.churned,\n', "  CASE WHEN c.plan = 'none such' THEN 0 ELSE 1 END AS counts,\n  r.churned,\n"));
  const linear = ['--project', project, '--as-of', NIGHTS[0], '--try', '--set', 'model.family=linear', '--set', 'weight=counts'];
  const [plain, weighed] = [await runNightJson(linear), await runNightJson([...linear, '--set', 'model.class_weights=balanced'])];
  expect([plain, weighed].map(({ error }) => error)).toEqual([undefined, undefined]);
  const calibration = JSON.parse(readFileSync(join(weighed.model!.folder, 'calibration.json'), 'utf8')) as { factors: [number, number] };
  expect(calibration.factors[1]).toBeGreaterThan(3 * calibration.factors[0]);
  // Without taking the factors out, the mean prediction would be about one half and the log loss near 0.5.
  expect(weighed.metrics.test!['log_loss']).toBeLessThan(plain.metrics.test!['log_loss']! + 0.03);
  const wrong = await runNightJson([...linear, '--set', 'model.class_weights={2: 3}']);
  expect(wrong).toMatchObject({ exit_code: 2, error: { code: 'config-invalid', where: 'model.class_weights.2', expected: 'some of 0, 1' } });
});
