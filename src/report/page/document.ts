import { Html, type Part, html } from './html.ts';
import { STYLE } from './style.ts';

/** A part of a page that the navigation leads to. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

export interface DocumentOptions {
  readonly title: string;
  /** Above the heading: where this page belongs. */
  readonly header: Part;
  /** The heading and what is most needed. */
  readonly opening: Html;
  readonly sections: readonly Section[];
  readonly footer: Part;
}

/** No script, no form and nothing from elsewhere, whatever a name in the data says; styles stand in the page. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/** A page that is one file, opened from a disk as from a server. */
export function documentOf({ title, header, opening, sections, footer }: DocumentOptions): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(POLICY)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${new Html(STYLE)}
</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header>${header}</header>
<main id="main" tabindex="-1">
${opening}
<nav aria-label="On this page"><ul>${sections.map(({ id, title: name }) => html`<li><a href="#${id}">${name}</a></li>`)}</ul></nav>
${sections.map(({ id, title: name, body }) => html`<section aria-labelledby="${id}">
<h2 id="${id}">${name}</h2>
${body}
</section>
`)}</main>
<footer>${footer}</footer>
</body>
</html>
`;
  return page.text;
}
