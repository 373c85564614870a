/** Text that is HTML already. Only `html` makes it, and what draws charts. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** What may stand in a template: HTML as it is, anything else as text; nothing for null, undefined and false. */
export type Part = Html | string | number | null | undefined | false | readonly Part[];

/** A template whose every value is escaped, in text and in quoted attributes alike, unless it is HTML already. */
export function html(literals: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(literals.reduce((text, literal, i) => text + shown(parts[i - 1]) + literal));
}

export const nothing = new Html('');

/** The pieces behind one another. */
export function join(parts: readonly Part[], between = ''): Html {
  return new Html(parts.map(shown).join(between));
}

function shown(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (part instanceof Html) return part.text;
  if (Array.isArray(part)) return part.map(shown).join('');
  return escaped(String(part));
}

/** Text for HTML, also within quotes; control characters, which HTML does not allow, become the sign for them. */
export function escaped(text: string): string {
  return text.replace(/[&<>"'`]/g, (one) => `&#${one.codePointAt(0)};`).replace(/[^\P{Cc}\t\n\r]/gu, '\ufffd');
}
