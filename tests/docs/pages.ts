import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/job.ts';

export interface Block {
  /** The word behind the fence: `sh`, `yaml`, `text`. */
  readonly language: string;
  readonly text: string;
  /** The file that the line above the block names in bold, if any. */
  readonly file: string | undefined;
}

/** The pages of the documentation, below the checkout. */
export function pages(): readonly string[] {
  const found = readdirSync(join(ROOT, 'docs'), { recursive: true }).map((name) => `docs/${String(name).replaceAll('\\', '/')}`);
  return ['README.md', ...found.filter((name) => name.endsWith('.md')).sort()];
}

export function readPage(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8').replaceAll('\r\n', '\n');
}

/** The fenced blocks of a page, in order. */
export function blocksOf(page: string): readonly Block[] {
  return [...page.matchAll(/(?:^\*\*`([^`]+)`\*\*\n\n)?^```(\w*)\n([\s\S]*?)^```$/gm)].map(([, file, language = '', text = '']) => ({ language, text, file }));
}
