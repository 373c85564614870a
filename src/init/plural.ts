/** `1 row`, `1,234 rows`. */
export function plural(count: number, word: string): string {
  return `${String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ',')} ${word}${count === 1 ? '' : word.endsWith('s') ? 'es' : 's'}`;
}
