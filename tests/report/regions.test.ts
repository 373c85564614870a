import { expect, test } from '@jest/globals';
import { fillRegions } from '../../src/report/regions.ts';

const PAGE = 'By hand.\n\n<!-- drawn: keys, by npm run docs -->\nold\n<!-- end -->\n\nMore by hand.\n';

test('only what stands between the marks is replaced, and doing it again changes nothing', () => {
  const filled = fillRegions(PAGE, new Map([['keys', '| $1 | $& |']]), 'docs/page.md');
  expect(filled).toBe('By hand.\n\n<!-- drawn: keys, by npm run docs -->\n\n| $1 | $& |\n\n<!-- end -->\n\nMore by hand.\n');
  expect(fillRegions(filled, new Map([['keys', '| $1 | $& |']]), 'docs/page.md')).toBe(filled);
});

test('a page that lacks a drawn part, or asks for one that there is not, is an error that names it', () => {
  expect(() => fillRegions('nothing', new Map([['keys', 'x']]), 'docs/page.md')).toThrow(/docs\/page\.md[\s\S]*<!-- drawn: keys -->/);
  expect(() => fillRegions(PAGE, new Map(), 'docs/page.md')).toThrow(/found: {4}keys/);
});
