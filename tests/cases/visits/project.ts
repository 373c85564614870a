import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../../../src/evaluation/random.ts';
import { dropBatchJest, madeOnce, runJob, temporaryFolder } from '../../support/job.ts';

const DAYS = 100;
const ROWS_A_DAY = 40;

export interface Spoilt {
  /** The labels go to other rows. */
  readonly labels?: boolean;
}

/** Visits to a shop, forty a day from January to April 2024: who returns depends on what was spent, and a little on the kind. */
export function visitsCsv({ labels = false }: Spoilt = {}): string {
  const random = new Random(3);
  const rows = Array.from({ length: DAYS * ROWS_A_DAY }, (_, i) => {
    const spend = Math.round(random.uniform() * 1000) / 10;
    const kind = 'abc'[random.below(3)]!;
    const chance = 1 / (1 + Math.exp(0.5 - 0.06 * (spend - 50) - (kind === 'a' ? 1 : 0)));
    return { id: i + 1, day: dayOf(i), kind, spend, minutes: random.below(60), returned: random.uniform() < chance ? 1 : 0 };
  });
  const returned = rows.map((row) => row.returned);
  if (labels) returned.sort(() => random.uniform() - 0.5);
  const lines = rows.map(({ id, day, kind, spend, minutes }, i) => [id, day, kind, spend, minutes, i >= (DAYS - 1) * ROWS_A_DAY ? '' : returned[i]].join(','));
  return `visit_id,visited_on,kind,spend,minutes,returned\n${lines.join('\n')}\n`;
}

function dayOf(row: number): string {
  return new Date(Date.UTC(2024, 0, 1) + Math.floor(row / ROWS_A_DAY) * 86_400_000).toISOString().slice(0, 10);
}

const SETTINGS = `split: {train_days: 56, test_days: 14, fresh_days: 1}
model: {family: linear, backend: wasm}
gates:
  - {metric: auc, better_than: baseline}
  - {metric: auc, no_worse_than: champion, margin: 0.03}
`;

/** A project that `init` makes of the visits, with gates of its own. */
export async function makeProject(): Promise<string> {
  const folder = temporaryFolder('visits');
  cpSync(await madeOnce('visits', initProject), folder, { recursive: true });
  return join(folder, 'project');
}

async function initProject(folder: string): Promise<void> {
  const csv = join(folder, 'visits.csv');
  writeFileSync(csv, visitsCsv());
  const project = join(folder, 'project');
  const made = await runJob(['init', project, '--from', csv, '--target', 'returned', '--key', 'visit_id', '--time', 'visited_on']);
  if (made.code !== 0) throw new Error(made.stderr);
  dropBatchJest(project);
  const file = join(project, 'pipeline.yaml');
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.slice(0, text.search(/^# By time/m)).replace(csv, '../visits.csv') + SETTINGS);
}

/** Writes the visits anew, as they are or spoilt. */
export function writeVisits(project: string, spoilt: Spoilt = {}): void {
  writeFileSync(join(project, '../visits.csv'), visitsCsv(spoilt));
}
