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

/** Columns that `features` must have, with the key of `pipeline.yaml` that asks for each. */
export function requiredColumns(config: Config): ReadonlyMap<string, string> {
  const needed: [string, string][] = [
    ...keyColumns(config).map((name): [string, string] => [name, config.key === undefined ? 'entity' : 'key']),
    ...entityColumns(config).map((name): [string, string] => [name, 'entity']),
    ...config.features.number.map((name): [string, string] => [name, 'features.number']),
    ...config.features.category.map((name): [string, string] => [name, 'features.category']),
    ...config.slices.map((name): [string, string] => [name, 'slices']),
    [config.label.column, 'label.column'],
  ];
  if (config.time !== undefined) needed.push([config.time, 'time'], [dayColumn(config.time), 'time (its day number)']);
  if (config.label.known_at !== undefined) needed.push([dayColumn(config.label.known_at), 'label.known_at (its day number)']);
  return new Map(needed);
}
