import { comment } from '../sql.ts';

const PLAIN = /^[A-Za-z_][A-Za-z0-9_]*(?: [A-Za-z0-9_]+)*$/;
const SPECIAL = /^(?:true|false|null|yes|no|on|off|y|n|inf|nan)$/i;
const WIDTH = 120;

/** A text as a scalar that every YAML reader takes for that text. */
export function scalar(text: string): string {
  return PLAIN.test(text) && !SPECIAL.test(text) ? text : JSON.stringify(text);
}

/** A list in brackets, or a mapping in braces, over as many lines as it needs; `indent` is that of its later lines. */
export function flow(items: readonly string[], { open, close, indent }: { readonly open: '[' | '{'; readonly close: ']' | '}'; readonly indent: number }): string {
  const lines: string[] = [];
  let line = '';
  for (const [i, item] of items.entries()) {
    const piece = `${item}${i < items.length - 1 ? ',' : ''}`;
    if (line !== '' && indent + line.length + piece.length + 1 > WIDTH) {
      lines.push(line);
      line = piece;
    } else line = line === '' ? piece : `${line} ${piece}`;
  }
  return `${open}${[...lines, line].join(`\n${' '.repeat(indent)}`)}${close}`;
}

/** A line with a remark behind it, in a column of its own where there is room. */
export function remarked(line: string, remark: string): string {
  return `${line.padEnd(29)} # ${comment(remark)}`;
}
