import { Liquid } from 'liquidjs';
import { ExitCode, NightshiftError, messageOf } from './errors.ts';
import { nearest } from './nearest.ts';

/** Text that is already SQL: a literal, a quoted identifier or a list of them. Nothing else may be put out. */
export class SqlText {
  readonly sql: string;
  constructor(sql: string) {
    this.sql = sql;
  }
}

export type Vocabulary = ReadonlyMap<string, SqlText>;

let made: Liquid | undefined;

/**
 * Outputs `{{ name }}` and nothing else: no tags, no filters, no properties. Made when the first script is rendered: most
 * steps render none, and its making takes 12 ms.
 */
function liquid(): Liquid {
  made ??= new Liquid({ strictVariables: true, strictFilters: true, ownPropertyOnly: true, cache: false, locale: 'en' });
  return made;
}

const OUTPUT = /\{\{-?\s*([A-Za-z_][A-Za-z0-9_]*)\s*-?\}\}/g;

export interface Rendered {
  readonly sql: string;
  /** The names used, in the order of first use. */
  readonly used: readonly string[];
}

/** The names that a script uses, without rendering it; throws `template-invalid` with file and line. */
export function namesUsed(text: string, where: string): readonly string[] {
  const used = new Set<string>();
  const rest = text.replaceAll(OUTPUT, (_, name: string) => {
    used.add(name);
    return '';
  });
  const odd = /\{\{|\{%/.exec(rest);
  if (odd !== null) throw oddOutput(text, rest, where);
  return [...used];
}

/** Renders a script: every name becomes SQL of the dialect; an unknown name fails and names the closest. */
export function render(text: string, names: Vocabulary, where: string): Rendered {
  const used = namesUsed(text, where);
  for (const name of used) if (!names.has(name)) throw unknownName(name, names, text, where);
  // Under names of our own, since the template language has a meaning for some, such as `empty`.
  const scope = Object.fromEntries(used.map((name) => [`name_${name}`, names.get(name)?.sql]));
  const template = text.replaceAll(OUTPUT, (output, name: string) => output.replace(name, `name_${name}`));
  try {
    return { sql: String(liquid().parseAndRenderSync(template, scope)), used };
  } catch (cause) {
    throw new NightshiftError({ code: 'template-invalid', what: 'This script is not a template', where, found: messageOf(cause), cause });
  }
}

function unknownName(name: string, names: Vocabulary, text: string, where: string): NightshiftError {
  const closest = nearest(name, [...names.keys()]);
  const line = text.slice(0, text.search(new RegExp(`\\{\\{-?\\s*${name}\\b`))).split('\n').length;
  return new NightshiftError({
    code: 'name-unknown',
    what: `The script uses {{ ${name} }}, and nothing gives it`,
    where: `${where}:${line}`,
    found: name,
    expected: `a source, a relation of a script, a parameter, or one of ${[...names.keys()].sort().join(', ')}`,
    fix: closest === undefined ? undefined : `did you mean {{ ${closest} }}?`,
    exitCode: ExitCode.usage,
  });
}

function oddOutput(text: string, rest: string, where: string): NightshiftError {
  const token = /(\{\{|\{%)[^\n]*/.exec(rest)?.[0] ?? '';
  const line = text.slice(0, Math.max(0, text.indexOf(token))).split('\n').length;
  return new NightshiftError({
    code: 'template-invalid',
    what: 'Scripts may only put out names',
    where: `${where}:${line}`,
    found: token,
    expected: '{{ name }}, without filters, tags or properties',
  });
}

/** Renders a script with plain values, for SQL that no dialect's engine settles: numbers and standard string literals. */
export function renderSql(text: string, values: Readonly<Record<string, string | number>>, where: string): string {
  return render(text, new Map(Object.entries(values).map(([name, value]) => [name, new SqlText(literal(value))])), where).sql;
}

function literal(value: string | number): string {
  return typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "''")}'`;
}
