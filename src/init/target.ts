import type { Task } from '../dataset/contract.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { type Kind, numberIn } from './kinds.ts';
import { looksLikeClass, looksLikeCount } from './names.ts';
import { type Pair, pairOf } from './positive.ts';
import type { Profile, Value } from './profile.ts';

/** Spellings of one class that differ in case and space around them. */
export interface LabelClass {
  /** The most frequent spelling. */
  readonly name: string;
  readonly spellings: readonly string[];
  readonly rows: number;
}

/** What is to be predicted. */
export interface Target {
  readonly column: string;
  readonly task: Task;
  /** Why the task is this one. */
  readonly why: string;
  /** Rows that have a label. */
  readonly labelled: number;
  /** Rows without one: they are what is to be scored. */
  readonly missing: number;
  /** Binary: the two; multiclass: all, the most frequent first; regression: none. */
  readonly classes: readonly LabelClass[];
  readonly pair: Pair | undefined;
}

const FEW = 10;
const MOST_CLASSES = 200;
/** Fewer words than for features mean a missing value: `none` may well be a class. */
const MISSING = new Set(['', 'na', 'n/a', '#n/a', '<na>', 'nan', 'null', 'nil', '?', '(null)', '\\n']);

/** The classes that a label could have, the most frequent first; undefined where there are too many to count. */
export function classesOf({ values, distinct }: Profile, kind: Kind): readonly LabelClass[] | undefined {
  if (values.length < distinct) return undefined;
  const isNumber = kind.parse || kind.type === 'integer' || kind.type === 'number';
  const byName = new Map<string, Value[]>();
  for (const value of values) {
    const text = value.text.trim().toLowerCase();
    // 1 and 1.0 are the same class.
    const name = isNumber && text !== '' && Number.isFinite(numberIn(text, kind)) ? String(numberIn(text, kind)) : text;
    if (!MISSING.has(text)) byName.set(name, [...(byName.get(name) ?? []), value]);
  }
  const classes = [...byName.values()].map((same): LabelClass => ({ name: same[0]?.text ?? '', spellings: same.map(({ text }) => text), rows: same.reduce((rows, one) => rows + one.rows, 0) }));
  return classes.sort((a, b) => b.rows - a.rows || (a.name < b.name ? -1 : 1));
}

/** What kind of label a column is, and why. `asked` is the task that somebody chose. Throws `target-unfit` (exit code 2). */
export function targetOf(profile: Profile, kind: Kind, asked?: Task): Target {
  const classes = classesOf(profile, kind);
  requireVariety(profile, kind, classes);
  const { task, why } = asked === undefined ? taskOf(profile, kind, classes) : { task: asked, why: 'as it was asked for' };
  const fit = { profile, kind, classes };
  if (task === 'regression') return regression(fit, why);
  if (classes === undefined || classes.length > MOST_CLASSES) throw tooMany(profile, classes?.length ?? profile.distinct);
  const labelled = classes.reduce((rows, one) => rows + one.rows, 0);
  if (2 * classes.length > labelled) throw unfit(profile.name, `${classes.length} different values in ${labelled} rows`, 'classes that recur', 'choose another --target');
  const base = { column: profile.name, task, why, labelled, missing: profile.rows - labelled, classes };
  if (task === 'multiclass') return { ...base, pair: undefined };
  const [one, other, third] = classes;
  if (one === undefined || other === undefined || third !== undefined) throw unfit(profile.name, `${classes.length} different values`, 'exactly two, for the task binary', 'leave out --task, or say --task multiclass');
  return { ...base, pair: pairOf({ text: one.name, rows: one.rows }, { text: other.name, rows: other.rows }) };
}

interface Fit {
  readonly profile: Profile;
  readonly kind: Kind;
  readonly classes: readonly LabelClass[] | undefined;
}

function regression({ profile, kind }: Fit, why: string): Target {
  if (kind.use !== 'number' && profile.numbers < profile.filled - profile.markers) throw unfit(profile.name, `text such as ${JSON.stringify(profile.strays[0]?.text ?? '')}`, 'numbers, for the task regression', 'choose another --target, or --task multiclass');
  return { column: profile.name, task: 'regression', why, labelled: profile.numbers, missing: profile.rows - profile.numbers, classes: [], pair: undefined };
}

function taskOf(profile: Profile, kind: Kind, classes: readonly LabelClass[] | undefined): { readonly task: Task; readonly why: string } {
  if (classes?.length === 2) return { task: 'binary', why: 'it has two values' };
  if (kind.use === 'date') throw unfit(profile.name, 'dates', 'classes, or numbers', 'choose another --target, such as a number of days');
  const isNumber = kind.use === 'number' || (kind.type === 'integer' && profile.integers === profile.filled);
  if (!isNumber) return { task: 'multiclass', why: `it is text with ${classes?.length ?? profile.distinct} values` };
  if (!profile.whole || classes === undefined || classes.length > FEW) {
    return looksLikeClass(profile.name) && profile.whole && classes !== undefined && classes.length <= 100 ? { task: 'multiclass', why: `it is called a class and has ${classes.length} whole numbers` } : { task: 'regression', why: `it has ${profile.distinct} numbers` };
  }
  if (looksLikeClass(profile.name)) return { task: 'multiclass', why: `it is called a class and has ${classes.length} whole numbers` };
  if (looksLikeCount(profile.name)) return { task: 'regression', why: 'by its name it counts or grades something' };
  if (isOrdered(classes, kind)) return { task: 'regression', why: `its ${classes.length} whole numbers rise and fall in frequency, as counts and grades do` };
  return { task: 'multiclass', why: `it has ${classes.length} whole numbers, whose frequencies are not those of a count` };
}

/** Counts and grades: in the order of their values, frequencies rise to one top and fall from it, to a tenth of it at an end. */
function isOrdered(classes: readonly LabelClass[], kind: Kind): boolean {
  if (classes.length < 4) return false;
  const rows = classes.toSorted((a, b) => numberIn(a.name, kind) - numberIn(b.name, kind)).map((one) => one.rows);
  const top = rows.indexOf(Math.max(...rows));
  const rises = rows.slice(1, top + 1).every((count, i) => count >= (rows[i] ?? 0));
  const falls = rows.slice(top + 1).every((count, i) => count <= (rows[top + i] ?? 0));
  return rises && falls && Math.min(rows[0] ?? 0, rows.at(-1) ?? 0) < 0.1 * (rows[top] ?? 0);
}

function requireVariety(profile: Profile, kind: Kind, classes: readonly LabelClass[] | undefined): void {
  if (kind.use === 'empty' || classes?.length === 0) throw unfit(profile.name, `no value in any of ${profile.rows} rows`, 'labels to learn from', 'choose another --target');
  const [only] = classes ?? [];
  if (classes?.length === 1 && only !== undefined) throw unfit(profile.name, `${JSON.stringify(only.name)} in all of ${only.rows} rows`, 'at least two different labels', 'choose another --target, or bring rows of the other outcome');
}

function tooMany({ name, rows }: Profile, found: number): NightshiftError {
  return unfit(name, `${found} different values in ${rows} rows`, `at most ${MOST_CLASSES} classes`, 'choose another --target, or gather its values into fewer in a view');
}

function unfit(column: string, found: string, expected: string, fix: string): NightshiftError {
  return new NightshiftError({ code: 'target-unfit', what: `Nothing can be learnt from the column ${JSON.stringify(column)}`, where: '--target', found, expected, fix, exitCode: ExitCode.usage });
}
