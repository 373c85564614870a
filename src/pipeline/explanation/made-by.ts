import { basename } from 'node:path';
import type { Script } from '../find.ts';

const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\{\{-?\s*\w+\s*-?\}\}|[\p{L}_][\p{L}\p{N}_]*|\d[\w.]*|\S/gu;
const RELATION = /^\{\{-?\s*(\w+)\s*-?\}\}$/;
const NAME = /^(?:[\p{L}_]|")/u;

/**
 * The files that make each feature: that of `features`, then those whose columns its expression there names. Only what the text shows is said:
 * of a query that begins with WITH, has a UNION, or names columns without their relation, `features` alone.
 */
export function scriptsThatMake(scripts: readonly Script[], features: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const main = scripts.find(({ name }) => name === 'features');
  if (main === undefined) return new Map();
  const files = new Map(scripts.map(({ name, file }) => [name, basename(file)]));
  const used = relationsByColumn(main.text);
  return new Map(features.map((feature) => [feature, [basename(main.file), ...(used.get(feature.toLowerCase()) ?? []).flatMap((relation) => files.get(relation) ?? [])]]));
}

/** The relations that each column of a SELECT names, by the column's name in lower case. */
function relationsByColumn(text: string): ReadonlyMap<string, readonly string[]> {
  const tokens = (text.match(TOKEN) ?? []).filter((token) => !/^(?:--|\/\*|')/.test(token));
  const depths = depthsOf(tokens);
  const outer = (word: string): number => tokens.findIndex((token, i) => depths[i] === 0 && token.toLowerCase() === word);
  if (tokens[0]?.toLowerCase() !== 'select' || ['union', 'except', 'intersect'].some((word) => outer(word) >= 0)) return new Map();
  const from = outer('from');
  const aliases = aliasesIn(tokens.slice(from));
  const items = split(tokens.slice(1, from), depths.slice(1, from));
  return new Map(items.map((item) => [plainName(item.at(-1) ?? ''), relationsIn(item, aliases)]));
}

function depthsOf(tokens: readonly string[]): readonly number[] {
  let depth = 0;
  return tokens.map((token) => {
    if (token === ')') depth--;
    const at = depth;
    if (token === '(') depth++;
    return at;
  });
}

/** What stands between the commas of a list. */
function split(tokens: readonly string[], depths: readonly number[]): readonly (readonly string[])[] {
  const commas = tokens.flatMap((token, i) => (token === ',' && depths[i] === 0 ? [i] : []));
  return [-1, ...commas].map((comma, i) => tokens.slice(comma + 1, commas[i] ?? tokens.length));
}

/** The relation behind each alias: `{{ relation }} AS alias`. */
function aliasesIn(tokens: readonly string[]): ReadonlyMap<string, string> {
  return new Map(tokens.flatMap((token, i): [string, string][] => {
    const relation = RELATION.exec(token)?.[1];
    const alias = tokens[i + 1]?.toLowerCase() === 'as' ? tokens[i + 2] : tokens[i + 1];
    return relation === undefined || alias === undefined || !NAME.test(alias) ? [] : [[plainName(alias), relation]];
  }));
}

/** Names before a dot, and relations themselves. Within a query of its own an alias may mean something else. */
function relationsIn(item: readonly string[], aliases: ReadonlyMap<string, string>): readonly string[] {
  const isQuery = item.some((token) => token.toLowerCase() === 'select');
  const named = item.flatMap((token, i) => RELATION.exec(token)?.[1] ?? (!isQuery && item[i + 1] === '.' ? (aliases.get(plainName(token)) ?? []) : []));
  return [...new Set(named)];
}

function plainName(token: string): string {
  return token.replaceAll('"', '').toLowerCase();
}
