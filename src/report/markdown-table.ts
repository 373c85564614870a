/** A table in Markdown; what a cell holds stands there as it is, but for pipes and line breaks. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return [lineOf(header), lineOf(header.map(() => '---')), ...rows.map(lineOf)].join('\n');
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ')).join(' | ')} |`;
}

/** Plain text for a page of Markdown: what would be read as a tag or as emphasis shows as it is. */
export function markdownText(text: string): string {
  return text.replaceAll('<', '&lt;').replaceAll('*', '\\*');
}
