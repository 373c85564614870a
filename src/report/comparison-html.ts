import { type Section, isSaid } from './comparison-section.ts';

const STYLE = `:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
body { max-width: 72rem; margin: 0 auto; padding: 1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .75rem; border-bottom: 1px solid #8886; text-align: right; white-space: nowrap; }
th:first-child, td:first-child, .word { text-align: left; }
thead th { border-bottom-width: 2px; }`;

/** Sections as one page that needs nothing else: readable in light and dark, on a phone, by keyboard and screen reader. */
export function sectionsHtml(title: string, sections: readonly Section[]): string {
  const body = sections.map((section, i) => sectionHtml(section, `s${i + 1}`)).join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>
${STYLE}
</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${body}
</main>
</body>
</html>
`;
}

/** A table that is wider than the page scrolls by itself, by keyboard, too. */
function sectionHtml({ title, notes = [], table = [], words = 1 }: Section, id: string): string {
  const [header, ...rows] = table;
  const kind = (i: number): string => (i > 0 && i < words ? ' class="word"' : '');
  const head = (header ?? []).map((cell, i) => (cell === '' ? '<td></td>' : `<th scope="col"${kind(i)}>${escaped(cell)}</th>`)).join('');
  const body = rows.map(([first = '', ...others]) => `<tr><th scope="row">${escaped(first)}</th>${others.map((cell, i) => `<td${kind(i + 1)}>${escaped(cell)}</td>`).join('')}</tr>`).join('\n');
  const shown = header === undefined ? '' : `<div class="wide" role="region" aria-labelledby="${id}" tabindex="0">\n<table>\n${isSaid(header) ? `<thead><tr>${head}</tr></thead>\n` : ''}<tbody>\n${body}\n</tbody>\n</table>\n</div>\n`;
  return `<section>\n<h2 id="${id}">${escaped(title)}</h2>\n${shown}${notes.map((note) => `<p>${escaped(note)}</p>\n`).join('')}</section>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
}
