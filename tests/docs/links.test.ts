import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ROOT } from '../support/job.ts';
import { pages, readPage } from './pages.ts';

/** What a heading is called in a link, as GitHub has it. */
function anchorOf(heading: string): string {
  return heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').trim().replace(/\s/g, '-');
}

function anchorsOf(page: string): readonly string[] {
  return [...readPage(page).replace(/^```[\s\S]*?^```$/gm, '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));
}

test.each(pages())('every relative link of %s leads somewhere', (page) => {
  const links = [...readPage(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target).filter((target) => !/^[a-z]+:/.test(target));
  const lost = links.filter((link) => {
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : join(dirname(page), path).replaceAll('\\', '/');
    return !existsSync(join(ROOT, target)) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
  });
  expect(lost).toEqual([]);
});

test('README names every page of the documentation but the decisions, which have a list of their own', () => {
  const readme = readPage('README.md');
  const decisions = readPage('docs/decisions/README.md');
  const unnamed = pages().filter((page) => page.startsWith('docs/') && !readme.includes(`(${page})`) && !decisions.includes(`(${page.replace('docs/decisions/', '')})`));
  expect(unnamed).toEqual([]);
});
