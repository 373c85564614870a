import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { nearest } from '../shared/nearest.ts';

/** Reads one option's value; undefined when it is not acceptable. `expected` says in words what is. */
export interface OptionRule<T> {
  readonly fallback: T;
  readonly expected: string;
  readonly read: (value: unknown) => T | undefined;
}

export type OptionRules<T> = { readonly [K in keyof T]: OptionRule<T[K]> };

/** A family's options, checked and with defaults filled in; an unknown key or a wrong value is `config-invalid`. */
export function readOptions<T extends object>(family: string, rules: OptionRules<T>, given: unknown): T {
  const known = Object.keys(rules);
  const found = asRecord(family, given ?? {});
  for (const key of Object.keys(found)) if (!known.includes(key)) throw unknownKey(family, key, known);
  const read = (key: string, rule: OptionRule<unknown>): unknown => {
    const value = found[key] === undefined ? rule.fallback : rule.read(found[key]);
    if (value === undefined) throw wrongValue(`${family}.${key}`, found[key], rule.expected);
    return value;
  };
  const entries = Object.entries<OptionRule<unknown>>(rules);
  return Object.fromEntries(entries.map(([key, rule]) => [key, read(key, rule)])) as T;
}

export interface Range {
  readonly from: number;
  readonly to: number;
}

export function number(fallback: number, { from, to }: Range): OptionRule<number> {
  const read = (value: unknown): number | undefined =>
    typeof value === 'number' && value >= from && value <= to ? value : undefined;
  return { fallback, expected: `a number from ${from} to ${to}`, read };
}

/** A number, or `auto`: chosen from the number of training rows. */
export function numberOrAuto({ from, to }: Range): OptionRule<number | 'auto'> {
  const read = (value: unknown): number | 'auto' | undefined =>
    value === 'auto' || (typeof value === 'number' && value >= from && value <= to) ? value : undefined;
  return { fallback: 'auto', expected: `auto or a number from ${from} to ${to}`, read };
}

export function whole(fallback: number, { from, to }: Range): OptionRule<number> {
  const read = (value: unknown): number | undefined => (isWhole(value, { from, to }) ? value : undefined);
  return { fallback, expected: `a whole number from ${from} to ${to}`, read };
}

/** A whole number, or `auto`: chosen from the number of training rows. */
export function wholeOrAuto({ from, to }: Range): OptionRule<number | 'auto'> {
  const read = (value: unknown): number | 'auto' | undefined =>
    value === 'auto' || isWhole(value, { from, to }) ? value : undefined;
  return { fallback: 'auto', expected: `auto or a whole number from ${from} to ${to}`, read };
}

export function wholes(fallback: readonly number[], { from, to }: Range): OptionRule<readonly number[]> {
  const read = (value: unknown): readonly number[] | undefined =>
    Array.isArray(value) && value.length <= 8 && value.every((item) => isWhole(item, { from, to })) ? value : undefined;
  return { fallback, expected: `up to eight whole numbers from ${from} to ${to}, such as [64, 32]`, read };
}

/** Names of families other than the one that asks, or `auto`: all that the engine knows. */
export function namesOrAuto(self: string): OptionRule<readonly string[] | 'auto'> {
  return {
    fallback: 'auto',
    expected: `auto or a list of names other than ${self}, such as [linear, gbdt]`,
    read: (value) => (value === 'auto' || (Array.isArray(value) && value.length > 0 && value.every(isFamilyName) && !value.includes(self)) ? value : undefined),
  };
}

export function flag(fallback: boolean): OptionRule<boolean> {
  return { fallback, expected: 'true or false', read: (value) => (typeof value === 'boolean' ? value : undefined) };
}

function isFamilyName(item: unknown): item is string {
  return typeof item === 'string' && /^[a-z][a-z0-9-]*$/.test(item);
}

function isWhole(value: unknown, { from, to }: Range): value is number {
  return Number.isInteger(value) && (value as number) >= from && (value as number) <= to;
}

function asRecord(family: string, given: unknown): Readonly<Record<string, unknown>> {
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given as Record<string, unknown>;
  throw wrongValue(family, given, 'a mapping of option to value');
}

function unknownKey(family: string, key: string, known: readonly string[]): NightshiftError {
  const meant = nearest(key, known);
  return new NightshiftError({
    code: 'config-invalid',
    exitCode: ExitCode.usage,
    what: `The model family ${family} has no option ${key}.`,
    where: `model.options.${key}`,
    found: key,
    expected: `one of ${known.join(', ')}`,
    fix: meant === undefined ? 'Take the option out.' : `Did you mean ${meant}?`,
  });
}

function wrongValue(option: string, found: unknown, expected: string): NightshiftError {
  return new NightshiftError({
    code: 'config-invalid',
    exitCode: ExitCode.usage,
    what: `The option ${option} of the model has a value that it does not take.`,
    where: `model.options, ${option}`,
    found: JSON.stringify(found),
    expected,
    fix: 'Correct the value, or leave the option out for its default.',
  });
}
