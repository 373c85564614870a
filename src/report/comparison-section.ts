import { markdownTable, markdownText } from './markdown-table.ts';
import { textTable } from './text-table.ts';

/** A part of a page: a title, sentences, and a table whose first row is its header. */
export interface Section {
  readonly title: string;
  readonly notes?: readonly string[];
  readonly table?: readonly (readonly string[])[];
  /** How many of its first columns are words, which begin at the left; one unless said. */
  readonly words?: number;
}

/** Sections as plain text, for a terminal or a pipe. */
export function sectionsText(sections: readonly Section[]): string {
  const text = sections.map(({ title, notes = [], table = [], words = 1 }) => [title, ...textTable(table.filter(isSaid).map((row) => row.map(plain)), '  ', words), ...notes.map((note) => `  ${plain(note)}`)].join('\n'));
  return `${text.join('\n\n')}\n`;
}

/** Sections as Markdown, for a ticket or a commit. */
export function sectionsMarkdown(sections: readonly Section[]): string {
  const text = sections.map(({ title, notes = [], table = [] }) => {
    const [header, ...rows] = table.map((row) => row.map((cell) => markdownText(plain(cell))));
    return [`## ${markdownText(title)}`, ...(header === undefined ? [] : [markdownTable(header, rows)]), ...notes.map((note) => markdownText(plain(note)))].join('\n\n');
  });
  return `${text.join('\n\n')}\n`;
}

/** A header of nothing but empty cells says nothing. */
export function isSaid(row: readonly string[]): boolean {
  return row.some((cell) => cell !== '');
}

/** What came from data or from a person may hold anything: a cell stays on its line and says nothing to a terminal. */
function plain(text: string): string {
  return text.replaceAll(/\s*[\n\r]\s*/g, ' ').replaceAll(/\p{Cc}/gu, '�');
}
