import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Document, isMap, isNode, LineCounter, parse, parseDocument } from 'yaml';
import type { z } from 'zod';
import { ExitCode, NightshiftError, codeOf } from '../errors.ts';
import { nearest } from '../nearest.ts';
import { type Config, configSchema } from './schema.ts';

export interface ConfigChoices {
  readonly profile?: string | undefined;
  /** `K=V` overrides, dotted keys, values in YAML; later ones win. */
  readonly set?: readonly string[] | undefined;
}

type Tree = Record<string, unknown>;

/**
 * Reads `pipeline.yaml`, lays the profile and the overrides over it and checks the whole.
 * Throws `config-missing` or `config-invalid` (exit code 2), which quotes the line.
 */
export function loadConfig(project: string, choices: ConfigChoices = {}): Config {
  const file = join(project, 'pipeline.yaml');
  return parseConfig(readConfigFile(file), file, choices);
}

/** The same from text; `file` is what errors call it. */
export function parseConfig(text: string, file: string, choices: ConfigChoices = {}): Config {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const broken = document.errors[0];
  if (broken !== undefined) throw invalid(`${file} is not valid YAML`, place(file, text, lines.linePos(broken.pos[0]).line), broken.message.split('\n')[0]);
  const tree = overlay(document.toJS() ?? {}, choices, file);
  const parsed = configSchema.safeParse(tree);
  if (parsed.success) return parsed.data;
  throw explainIssue(deepest(parsed.error.issues), { tree, document, lines, text, file, choices });
}

function readConfigFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (codeOf(cause) !== 'ENOENT') throw cause;
    throw new NightshiftError({
      code: 'config-missing',
      what: 'There is no pipeline.yaml here',
      where: file,
      fix: 'run inside a project, or name one with --project DIR',
      exitCode: ExitCode.usage,
      cause,
    });
  }
}

function overlay(base: Tree, choices: ConfigChoices, file: string): Tree {
  let tree = base;
  if (choices.profile !== undefined) tree = merge(tree, profileOf(base, choices.profile, file));
  for (const assignment of choices.set ?? []) tree = assign(tree, assignment);
  return tree;
}

function profileOf(tree: Tree, name: string, file: string): Tree {
  const profiles = isTree(tree['profiles']) ? tree['profiles'] : {};
  const chosen = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  if (isTree(chosen)) return chosen;
  throw new NightshiftError({
    code: 'config-invalid',
    what: `There is no profile ${JSON.stringify(name)}`,
    where: file,
    found: Object.keys(profiles).join(', ') || 'no profiles',
    expected: 'one of the names under profiles:',
    exitCode: ExitCode.usage,
  });
}

function merge(base: Tree, over: Tree): Tree {
  const merged: Tree = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    merged[key] = isTree(value) && isTree(below) ? merge(below, value) : value;
  }
  return merged;
}

function assign(tree: Tree, assignment: string): Tree {
  const equals = assignment.indexOf('=');
  const path = assignment.slice(0, Math.max(equals, 0)).split('.');
  if (equals < 1 || path.some((part) => part === '' || part === '__proto__')) {
    throw invalid(`--set ${assignment} is not an assignment`, undefined, assignment, 'K=V with a dotted key, such as model.family=linear');
  }
  const value: unknown = parse(assignment.slice(equals + 1));
  const over = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  return merge(tree, over as Tree);
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface Issue {
  readonly path: PropertyKey[];
  readonly issue: z.core.$ZodIssue;
}

/** Of the alternatives of a union, the one that got furthest tells a person most. */
function deepest(issues: readonly z.core.$ZodIssue[], above: PropertyKey[] = []): Issue {
  const found = issues.map((issue): Issue => {
    const path = [...above, ...issue.path];
    if (issue.code !== 'invalid_union' || issue.errors.length === 0) return { path, issue };
    const inner = issue.errors.filter((one) => one.length > 0).map((one) => deepest(one, path));
    const best = inner.toSorted((a, b) => b.path.length - a.path.length)[0];
    return best !== undefined && best.path.length > path.length ? best : { path, issue };
  });
  const unknownKey = found.find((one) => one.issue.code === 'unrecognized_keys');
  const first = unknownKey ?? found[0];
  if (first === undefined) throw new Error('zod reported an error without an issue');
  return first;
}

interface Context {
  readonly tree: Tree;
  readonly document: Document;
  readonly lines: LineCounter;
  readonly text: string;
  readonly file: string;
  readonly choices: ConfigChoices;
}

function explainIssue({ path, issue }: Issue, context: Context): NightshiftError {
  if (issue.code === 'unrecognized_keys') return unknownKey(path, issue.keys[0] ?? '', context);
  const dotted = path.join('.') || 'pipeline.yaml';
  const value = path.reduce<unknown>((at, key) => (isTree(at) || Array.isArray(at) ? (at as Tree)[key as string] : undefined), context.tree);
  const missing = value === undefined;
  const closest = issue.code === 'invalid_value' && typeof value === 'string' ? nearest(value, issue.values.map(String)) : undefined;
  return new NightshiftError({
    code: 'config-invalid',
    what: missing ? `pipeline.yaml lacks ${dotted}` : `${dotted} is not as it must be`,
    where: locate(path, context),
    found: missing ? undefined : shown(value),
    expected: issue.message + (closest === undefined ? '' : ` (closest: ${closest})`),
    exitCode: ExitCode.usage,
  });
}

function unknownKey(path: PropertyKey[], key: string, context: Context): NightshiftError {
  const closest = nearest(key, knownKeys(path));
  return new NightshiftError({
    code: 'config-invalid',
    what: `${[...path, key].join('.')} is not a key of pipeline.yaml`,
    where: locate([...path, key], context),
    found: key,
    expected: knownKeys(path).join(', ') || 'no such key',
    fix: closest === undefined ? undefined : `did you mean ${closest}?`,
    exitCode: ExitCode.usage,
  });
}

/** The keys that the schema knows at a path. */
function knownKeys(path: PropertyKey[]): string[] {
  let at: unknown = configSchema;
  for (const key of path) at = inside(at, key);
  const shape = unwrap(at);
  return isTree(shape) && isTree(shape['shape']) ? Object.keys(shape['shape']) : [];
}

function inside(schema: unknown, key: PropertyKey): unknown {
  const plain = unwrap(schema) as Tree | undefined;
  if (isTree(plain?.['shape'])) return plain['shape'][key as string];
  return plain?.['valueType'] ?? plain?.['element'];
}

function unwrap(schema: unknown): unknown {
  let at = schema as Tree | undefined;
  for (let def = at?.['def']; isTree(def) && isTree(def['innerType']); def = at['def']) at = def['innerType'];
  return at;
}

function locate(path: PropertyKey[], { document, lines, text, file, choices }: Context): string {
  const dotted = path.join('.');
  const override = choices.set?.findLast((one) => dotted.startsWith(one.split('=')[0] ?? '') || (one.split('=')[0] ?? '').startsWith(dotted));
  if (override !== undefined) return `--set ${override}`;
  for (let depth = path.length; depth > 0; depth--) {
    const offset = offsetOf(document, path.slice(0, depth));
    if (offset !== undefined) return place(file, text, lines.linePos(offset).line);
  }
  return file;
}

function offsetOf(document: Document, path: PropertyKey[]): number | undefined {
  const parent = path.length > 1 ? document.getIn(path.slice(0, -1), true) : document.contents;
  const last = path.at(-1);
  if (isMap(parent)) {
    const pair = parent.items.find((item) => isNode(item.key) && String(item.key) === String(last));
    if (pair !== undefined && isNode(pair.key)) return pair.key.range?.[0];
  }
  const node = document.getIn(path, true);
  return isNode(node) ? node.range?.[0] : undefined;
}

function place(file: string, text: string, line: number): string {
  return `${file}:${line}\n    ${line} | ${text.split('\n')[line - 1] ?? ''}`;
}

function shown(value: unknown): string {
  const json = JSON.stringify(value);
  return json === undefined ? 'nothing' : json.length > 120 ? `${json.slice(0, 117)}…` : json;
}

function invalid(what: string, where: string | undefined, found?: string, expected?: string): NightshiftError {
  return new NightshiftError({ code: 'config-invalid', what, where, found, expected, exitCode: ExitCode.usage });
}
