import type { Config } from '../shared/config/schema.ts';

/** The columns that name a row: the key, or entity and time. */
export function keyColumns(config: Config): readonly string[] {
  if (config.key !== undefined) return config.key;
  return [...(config.entity ?? []), ...(config.time === undefined ? [] : [config.time])];
}

/** The columns that name what a row is about. */
export function entityColumns(config: Config): readonly string[] {
  return config.entity ?? keyColumns(config);
}

/** Features in the contract's order: numbers, then categories, each as `pipeline.yaml` lists them. */
export function featureColumns(config: Config): readonly string[] {
  return [...config.features.number, ...config.features.category];
}

/** Columns that every batch carries: key, entity, time and its day, features, slices. Never the label. */
export function batchColumns(config: Config): readonly string[] {
  const time = config.time === undefined ? [] : [config.time, dayColumn(config.time)];
  return [...new Set([...keyColumns(config), ...entityColumns(config), ...time, ...featureColumns(config), ...config.slices])];
}

/** The column of whole day numbers that goes with a date column. */
export function dayColumn(column: string): string {
  return `${column}_day`;
}

/** Who asks for a column: the key of `pipeline.yaml`, and that in words. */
export interface Asker {
  readonly key: string;
  readonly what: string;
}

/** Columns that `features` must have, with the first key of `pipeline.yaml` that asks for each. */
export function requiredColumns(config: Config): ReadonlyMap<string, Asker> {
  const needed = new Map<string, Asker>();
  const ask = (key: string, columns: readonly string[], what = key): void => {
    for (const column of columns) if (!needed.has(column)) needed.set(column, { key, what });
  };
  const { key, entity = [], time, label, features, slices, weight, rule, units = {} } = config;
  ask('key', key ?? []);
  ask('entity', entity);
  ask('features.number', features.number);
  ask('features.category', features.category);
  ask('slices', slices);
  ask('label.column', [label.column]);
  if (weight !== undefined) ask('weight', [weight]);
  if (rule !== undefined) ask('rule', [rule]);
  ask('units', Object.keys(units));
  if (time !== undefined) ask('time', [time]);
  if (time !== undefined) ask('time', [dayColumn(time)], `its day number, for time: ${time}`);
  if (label.known_at !== undefined) ask('label.known_at', [dayColumn(label.known_at)], `its day number, for label.known_at: ${label.known_at}`);
  return needed;
}
