/**
 * A configuration as one value a key: `model.family`, `sources.flights.types.origin`. A list stays a value, its elements read
 * together; so does a list of mappings, such as `gates`.
 */
export function flatConfig(value: unknown, path = ''): ReadonlyMap<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return new Map(path === '' ? [] : [[path, value]]);
  return new Map(Object.entries(value).flatMap(([name, inner]) => [...flatConfig(inner, path === '' ? name : `${path}.${name}`)]));
}

/** The value of a key as a person reads it; null for a key that is not there. */
export function valueText(value: unknown): string | null {
  if (value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What a list is against the first run's: what was added and removed, or that its order is another. */
export function listText(first: readonly unknown[], list: readonly unknown[]): string {
  const [before, now] = [first, list].map((one) => one.map((element) => valueText(element) ?? ''));
  const added = (now ?? []).filter((element) => before?.includes(element) !== true);
  const removed = (before ?? []).filter((element) => now?.includes(element) !== true);
  if (added.length + removed.length === 0) return 'the same in another order';
  return [...added.map((element) => `+ ${element}`), ...removed.map((element) => `− ${element}`)].join(', ');
}
