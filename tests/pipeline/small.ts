import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type LogEntry, StepContext } from '../../src/pipeline/context.ts';
import { placesOf } from '../../src/pipeline/places.ts';
import { parseConfig } from '../../src/shared/config/load.ts';
import type { Config } from '../../src/shared/config/schema.ts';
import { windowsOf } from '../../src/shared/days.ts';
import { type Kind, withFolder } from '../contract/warehouses.ts';

/**
 * Visits to three shops on each of ten days, told two days later: a job small enough to be read. The visits of a day are the
 * shop's number times the day of the month.
 */
export const SMALL = `name: visits
sources:
  visits:
    csv: data/visits.csv
    types: {shop: text, mail: text, on_day: date, visits: integer, told_on: date}
    time: on_day
    known_later:
      - {at: told_on, columns: [visits, told_on]}
  orders:
    csv: data/orders.csv
    types: {shop: text, ordered_on: date}
    known_from: ordered_on
entity: shop
time: on_day
label: {column: busy, known_at: told_on}
features: {number: [visits_before, orders_before]}
split: {train_days: 6, test_days: 2, fresh_days: 1}
`;

const SHOPS = ['s1', 's2', 's3'];
export const AS_OF = '2024-01-10';

const FEATURES = `SELECT v.shop, v.mail, v.on_day, v.on_day_day, b.visits AS visits_before,
  (SELECT count(*) FROM {{ orders }} AS o WHERE o.shop = v.shop AND o.ordered_on_day < v.on_day_day - {{ lead_days }}) AS orders_before,
  CASE WHEN v.visits > 10 THEN 1 ELSE 0 END AS busy, v.told_on, v.told_on_day
FROM {{ visits }} AS v
LEFT JOIN {{ visits }} AS b ON b.shop = v.shop AND b.on_day_day = v.on_day_day - 2 - {{ lead_days }}
WHERE v.on_day_day >= {{ rows_from_day }} AND v.on_day_day < {{ rows_until_day }}
`;

export interface SmallOptions {
  readonly kind: Kind;
  /** Overrides of the configuration, as --set takes them. */
  readonly set?: readonly string[];
  /** Changes of the only script. */
  readonly features?: (sql: string) => string;
  readonly asOf?: string;
}

export interface SmallStep {
  readonly step: StepContext;
  readonly config: Config;
  readonly log: readonly LogEntry[];
  readonly project: string;
}

/** Runs a piece of a step of the small job, in a project and a warehouse of its own. */
export function withSmallStep<T>(options: SmallOptions, act: (small: SmallStep) => Promise<T>): Promise<T> {
  return withFolder(async (project) => {
    makeSmall(project, options);
    return atNight(project, options, act);
  });
}

/** Writes the small job's files. */
export function makeSmall(project: string, { features = (sql) => sql }: Pick<SmallOptions, 'features'> = {}): void {
  put(project, { 'data/visits.csv': visits(), 'data/orders.csv': orders(), 'steps/01-extract/features.sql': features(FEATURES) });
}

/** Runs a piece of a step of a small job that is there. */
export async function atNight<T>(project: string, { kind, set = [], asOf = AS_OF }: SmallOptions, act: (small: SmallStep) => Promise<T>): Promise<T> {
  const config = parseConfig(SMALL, join(project, 'pipeline.yaml'), { set: [...set, `warehouse=${kind}`] });
  const places = placesOf(project, config);
  const log: LogEntry[] = [];
  const step = new StepContext(
    {
      runId: `${asOf}-small`,
      attempt: 1,
      step: '01-extract',
      config,
      windows: windowsOf(asOf, config.split, config.lead),
      places,
      fingerprints: {},
      makers: { features: '01-extract', train: '02-split', test: '02-split', fresh: '02-split' },
      backend: 'wasm',
      champion: null, pinned: false, scorer: null,
      mode: 'night',
      inputsHash: 'small',
    },
    { log: (entry) => log.push(entry), progress: () => undefined },
  );
  try {
    return await act({ step, config, log, project });
  } finally {
    await step.release();
  }
}

export function put(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

function day(number: number): string {
  return `2024-01-${String(number).padStart(2, '0')}`;
}

function visits(): string {
  const lines = SHOPS.flatMap((shop, i) => Array.from({ length: 10 }, (_, at) => `${shop},${shop}@example.org,${day(at + 1)},${(i + 1) * (at + 1)},${day(at + 3)}`));
  return ['shop,mail,on_day,visits,told_on', ...lines, ''].join('\n');
}

function orders(): string {
  return ['shop,ordered_on', ...SHOPS.flatMap((shop) => [2, 5, 8].map((at) => `${shop},${day(at)}`)), ''].join('\n');
}
