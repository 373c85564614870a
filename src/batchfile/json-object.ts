/** A name of a JSON object and its value: null, a string as it reads, anything else as it is written. */
export interface JsonField {
  readonly name: string;
  readonly text: string | null;
  readonly isString: boolean;
}

/**
 * The fields of a line that is a JSON object, in its order, the same name as often as it stands there; why it is none
 * otherwise. Numbers keep every digit.
 */
export function jsonFields(line: string): readonly JsonField[] | 'not-json' | 'not-an-object' {
  const value = parsed(line);
  if (value === undefined) return 'not-json';
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'not-an-object';
  return fieldsOf(line);
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** The line is known to be an object, so that only its outermost strings, brackets and commas are looked for. */
function fieldsOf(line: string): JsonField[] {
  const fields: JsonField[] = [];
  let at = line.indexOf('{') + 1;
  for (;;) {
    const from = line.indexOf('"', at);
    if (from < 0) return fields;
    const nameEnd = stringEnd(line, from);
    const start = skipSpace(line, line.indexOf(':', nameEnd) + 1);
    const end = valueEnd(line, start);
    fields.push(fieldOf(stringOf(line.slice(from, nameEnd)), line.slice(start, end).trimEnd()));
    at = end;
  }
}

function fieldOf(name: string, raw: string): JsonField {
  if (raw === 'null') return { name, text: null, isString: false };
  return raw.startsWith('"') ? { name, text: stringOf(raw), isString: true } : { name, text: raw, isString: false };
}

function stringOf(raw: string): string {
  return raw.includes('\\') ? (JSON.parse(raw) as string) : raw.slice(1, -1);
}

/** Behind the quote that closes the string which opens at `from`. */
function stringEnd(line: string, from: number): number {
  let at = from + 1;
  while (line[at] !== '"') at += line[at] === '\\' ? 2 : 1;
  return at + 1;
}

function skipSpace(line: string, from: number): number {
  let at = from;
  while (' \t\r\n'.includes(line[at]!)) at += 1;
  return at;
}

/** Where the value that begins at `from` ends: at the comma or the bracket that is not its own. */
function valueEnd(line: string, from: number): number {
  if (line[from] === '"') return stringEnd(line, from);
  let depth = 0;
  for (let at = from; ; ) {
    const sign = line[at];
    if (sign === '"') {
      at = stringEnd(line, at);
      continue;
    }
    if (depth === 0 && (sign === ',' || sign === '}')) return at;
    if (sign === '{' || sign === '[') depth += 1;
    else if (sign === '}' || sign === ']') depth -= 1;
    at += 1;
  }
}
