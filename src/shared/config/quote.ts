import { type Document, type LineCounter, isMap, isNode } from 'yaml';
import type { ConfigChoices } from './overlay.ts';

/** A configuration file as it was read, for errors that quote it. */
export interface ConfigText {
  readonly document: Document;
  readonly lines: LineCounter;
  readonly text: string;
  /** What errors call it. */
  readonly file: string;
  readonly choices: ConfigChoices;
}

/** Where a path was said: the last `--set` that did, else the line of the profile or the file, or of what it belongs to. */
export function quotePath(path: readonly PropertyKey[], config: ConfigText): string {
  const { document, file, choices } = config;
  const dotted = path.join('.');
  const override = choices.set?.findLast((one) => overlaps(one.split('=')[0] ?? '', dotted));
  if (override !== undefined) return `--set ${override}`;
  const ofProfile = choices.profile === undefined ? undefined : offsetOf(document, ['profiles', choices.profile, ...path]);
  if (ofProfile !== undefined) return quoteOffset(ofProfile, config);
  for (let depth = path.length; depth > 0; depth--) {
    const offset = offsetOf(document, path.slice(0, depth));
    if (offset !== undefined) return quoteOffset(offset, config);
  }
  return file;
}

/** `pipeline.yaml:12`, and the line itself below it. */
export function quoteOffset(offset: number, { lines, text, file }: Pick<ConfigText, 'lines' | 'text' | 'file'>): string {
  const { line } = lines.linePos(offset);
  return `${file}:${line}\n    ${line} | ${text.split('\n')[line - 1]?.trimEnd() ?? ''}`;
}

/** Whether one dotted key is the other, or lies above or below it. */
function overlaps(one: string, other: string): boolean {
  return one === other || other.startsWith(`${one}.`) || one.startsWith(`${other}.`);
}

function offsetOf(document: Document, path: readonly PropertyKey[]): number | undefined {
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  const last = path.at(-1);
  if (isMap(parent)) {
    const pair = parent.items.find((item) => isNode(item.key) && String(item.key) === String(last));
    if (pair !== undefined && isNode(pair.key)) return pair.key.range?.[0];
  }
  const node = document.getIn(path, true);
  return isNode(node) ? node.range?.[0] : undefined;
}
