import { type Html, type Part, html } from './html.ts';

export interface TableOptions {
  /** Names the table for those who cannot see what stands around it. */
  readonly caption: string;
  readonly head: readonly Part[];
  readonly rows: readonly (readonly Part[])[];
  /** Columns that hold words, by their number; the others hold figures and stand to the right. The first always holds words. */
  readonly words?: readonly number[];
}

/** A table in a box of its own that scrolls where the page is narrow; the first cell of a row is its heading. */
export function table({ caption, head, rows, words = [] }: TableOptions): Html {
  const side = (i: number): Part => (i > 0 && !words.includes(i) ? html` class="n"` : null);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${caption}"><table>
<caption>${caption}</caption>
<thead><tr>${head.map((cell, i) => html`<th scope="col"${side(i)}>${cell}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${row.map((cell, i) => (i === 0 ? html`<th scope="row">${cell}</th>` : html`<td${side(i)}>${cell}</td>`))}</tr>\n`)}</tbody>
</table></div>`;
}

/** What is folded away until somebody asks. */
export function folded(summary: Part, inside: Part): Html {
  return html`<details><summary>${summary}</summary>${inside}</details>`;
}

/** Names and values, one beneath the other. */
export function facts(pairs: readonly (readonly [name: string, value: Part])[]): Html {
  return html`<dl class="facts">${pairs.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}
