/** Lines of a table with columns as wide as their widest cell; the first column, or so many, to the left, the others to the right. */
export function textTable(rows: readonly (readonly string[])[], indent = '  ', left = 1): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  return rows.map((row) => (indent + row.map((cell, i) => (i < left ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ')).trimEnd());
}
