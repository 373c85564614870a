import { NightshiftError } from '../shared/errors.ts';

/**
 * A page of which some parts are drawn and the rest is written by hand: between `<!-- drawn: NAME -->` and
 * `<!-- end -->` stands what `contents` gives for that name, everything else stays. Throws `page-region` where the page
 * asks for what is not given or lacks what is.
 */
export function fillRegions(page: string, contents: ReadonlyMap<string, string>, where: string): string {
  const filled = new Set<string>();
  const text = page.replace(/(<!-- drawn: ([a-z-]+)[^>]*-->\n)[\s\S]*?(<!-- end -->)/g, (_, begin: string, name: string, end: string) => {
    const content = contents.get(name);
    if (content === undefined) throw regionError(where, name, [...contents.keys()]);
    filled.add(name);
    return `${begin}\n${content}\n\n${end}`;
  });
  const lost = [...contents.keys()].find((name) => !filled.has(name));
  if (lost !== undefined) throw regionError(where, 'nothing of that name', [lost]);
  return text;
}

function regionError(where: string, found: string, expected: readonly string[]): NightshiftError {
  return new NightshiftError({ code: 'page-region', what: 'The drawn parts of a page are not those that there are', where, found, expected: expected.map((name) => `<!-- drawn: ${name} --> … <!-- end -->`).join(', ') });
}
