/** Compares strings by UTF-8 bytes, as the engines' binary collations do, whatever the locale. */
export function bytewise(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}
