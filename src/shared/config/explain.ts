import type { z } from 'zod';
import { ExitCode, NightshiftError } from '../errors.ts';
import { nearest } from '../nearest.ts';
import { isTree, valueAt } from './overlay.ts';
import { type ConfigText, quotePath } from './quote.ts';

export interface Rejected extends ConfigText {
  /** The whole as it was checked. */
  readonly tree: unknown;
  readonly schema: unknown;
}

interface Found {
  readonly path: PropertyKey[];
  readonly issue: z.core.$ZodIssue;
}

/** Says in words the one thing that is wrong first: an unknown key before anything else, since it is often the reason for the rest. */
export function explainIssues(issues: readonly z.core.$ZodIssue[], rejected: Rejected): NightshiftError {
  const { path, issue } = deepest(issues);
  if (issue.code === 'unrecognized_keys') return unknownKey(path, issue.keys[0] ?? '', rejected);
  const dotted = path.join('.');
  const value = valueAt(rejected.tree, path);
  const closest = issue.code === 'invalid_value' && typeof value === 'string' ? nearest(value, issue.values.map(String)) : undefined;
  const what = dotted === '' ? 'pipeline.yaml is not a mapping of keys' : value === undefined ? `pipeline.yaml lacks ${dotted}` : `${dotted} is not as it must be`;
  return new NightshiftError({
    code: 'config-invalid',
    what,
    where: quotePath(path, rejected),
    found: value === undefined ? undefined : shown(value),
    expected: issue.message.replace(/^Invalid (?:input|option): (?:expected )?/, '') + (closest === undefined ? '' : ` (closest: ${closest})`),
    exitCode: ExitCode.usage,
  });
}

function deepest(issues: readonly z.core.$ZodIssue[], above: readonly PropertyKey[] = []): Found {
  const found = issues.map((issue): Found => {
    const path = [...above, ...issue.path];
    return issue.code === 'invalid_union' ? ofUnion(issue, path) : { path, issue };
  });
  const first = found.find((one) => one.issue.code === 'unrecognized_keys') ?? found[0];
  if (first === undefined) throw new Error('the schema reported an error without an issue');
  return first;
}

/** Of the alternatives of a union, the one that got furthest tells a person most; or the key that none of them knows. */
function ofUnion(issue: z.core.$ZodIssueInvalidUnion, path: PropertyKey[]): Found {
  const alternatives = issue.errors.filter((one) => one.length > 0);
  const best = alternatives.map((one) => deepest(one, path)).toSorted((a, b) => b.path.length - a.path.length)[0];
  if (best !== undefined && best.path.length > path.length) return best;
  const unknown = alternatives.map((one) => one.flatMap((inner) => (inner.code === 'unrecognized_keys' ? inner.keys : [])));
  const keys = (unknown[0] ?? []).filter((key) => unknown.every((some) => some.includes(key)));
  return { path, issue: keys.length === 0 ? issue : { code: 'unrecognized_keys', keys, path: [], message: issue.message } };
}

function unknownKey(path: readonly PropertyKey[], key: string, rejected: Rejected): NightshiftError {
  const known = knownKeys(rejected.schema, path);
  const closest = nearest(key, known);
  return new NightshiftError({
    code: 'config-invalid',
    what: `${[...path, key].join('.')} is not a key of pipeline.yaml`,
    where: quotePath([...path, key], rejected),
    found: key,
    expected: known.join(', ') || 'no such key',
    fix: closest === undefined ? undefined : `did you mean ${closest}?`,
    exitCode: ExitCode.usage,
  });
}

/** The keys that a schema knows at a path; where there are alternatives, those of all. */
function knownKeys(schema: unknown, path: readonly PropertyKey[]): readonly string[] {
  const at = path.reduce<readonly unknown[]>((schemas, key) => schemas.flatMap((one) => inside(one, key)), alternativesOf(schema));
  return [...new Set(at.flatMap((one) => (isTree(one) && isTree(one['shape']) ? Object.keys(one['shape']) : [])))];
}

function inside(schema: unknown, key: PropertyKey): readonly unknown[] {
  if (!isTree(schema)) return [];
  const next = isTree(schema['shape']) ? schema['shape'][key as string] : (schema['valueType'] ?? schema['element']);
  return alternativesOf(next);
}

/** A schema without its defaults and the like; of a union, every alternative. */
function alternativesOf(schema: unknown): readonly unknown[] {
  if (!isTree(schema) || !isTree(schema['def'])) return [];
  const { innerType, options } = schema['def'];
  if (innerType !== undefined) return alternativesOf(innerType);
  return Array.isArray(options) ? options.flatMap(alternativesOf) : [schema];
}

function shown(value: unknown): string {
  const json = JSON.stringify(value);
  return json === undefined ? 'nothing' : json.length > 120 ? `${json.slice(0, 117)}…` : json;
}
