/** A plain value with the keys of `--json`: `runId` becomes `run_id`. What stands below one of the keys named `asIs` came from a person or from data, and stays. */
export function snakeJson(value: unknown, asIs: readonly string[] = []): unknown {
  if (Array.isArray(value)) return value.map((inner) => snakeJson(inner, asIs));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), asIs.includes(key) ? inner : snakeJson(inner, asIs)]));
}
