import { parse } from 'yaml';
import { ExitCode, NightshiftError, messageOf } from '../errors.ts';

export interface ConfigChoices {
  readonly profile?: string | undefined;
  /** `K=V` overrides, dotted keys, values in YAML; later ones win. */
  readonly set?: readonly string[] | undefined;
}

/** A mapping of the file, before it is checked. */
export type Tree = Readonly<Record<string, unknown>>;

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What stands at a path of keys and places in lists, or undefined. */
export function valueAt(tree: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => (isTree(at) || Array.isArray(at) ? (at as Tree)[key as string] : undefined), tree);
}

/** Lays the profile and the overrides over what the file says; `file` is what errors call it. */
export function overlay(base: Tree, choices: ConfigChoices, file: string): Tree {
  const profiled = choices.profile === undefined ? base : merge(base, profileOf(base, choices.profile, file));
  return (choices.set ?? []).reduce(assign, profiled);
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

/** A null takes a key away, so that its default holds or another key may take its place. */
function merge(base: Tree, over: Tree): Tree {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = merged[key];
    if (value === null) delete merged[key];
    else merged[key] = isTree(value) ? merge(isTree(below) ? below : {}, value) : value;
  }
  return merged;
}

function assign(tree: Tree, assignment: string): Tree {
  const equals = assignment.indexOf('=');
  const path = assignment.slice(0, Math.max(equals, 0)).split('.');
  const text = assignment.slice(equals + 1).trim();
  if (equals < 1 || text === '' || path.some((part) => part === '' || part === '__proto__')) {
    throw badAssignment(assignment, 'K=V with a dotted key, such as model.family=linear; null takes a key away');
  }
  const over = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), valueOf(assignment, text));
  return merge(tree, over as Tree);
}

function valueOf(assignment: string, text: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw badAssignment(assignment, `a value in YAML (${messageOf(cause).split('\n')[0]})`);
  }
}

function badAssignment(assignment: string, expected: string): NightshiftError {
  return new NightshiftError({ code: 'config-invalid', what: `--set ${assignment} is not an assignment`, found: assignment, expected, exitCode: ExitCode.usage });
}
