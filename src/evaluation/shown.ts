/** Five significant digits and no trailing zeros; the same in every locale. */
export function shown(value: number | null): string {
  return value === null ? 'not defined' : String(Number(value.toPrecision(5)));
}
