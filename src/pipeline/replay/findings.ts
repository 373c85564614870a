import type { Redactor } from '../redact.ts';
import type { Part } from './parts.ts';
import type { Value } from './values.ts';
import { VERDICTS, type Verdict } from './verdict.ts';

/** The first value of a feature that got a verdict. Sensitive values are hashed. */
export interface Example {
  readonly verdict: Exclude<Verdict, 'equal'>;
  readonly run: string;
  readonly batch: Part['batch'];
  readonly key: Readonly<Record<string, Value>>;
  /** As it was kept; null where it was missing. */
  readonly kept: Value;
  readonly now: Value;
  /** Without what came after. */
  readonly known: Value;
  /** Where a later run learned from another value. */
  readonly trained: { readonly run: string; readonly value: Value } | null;
}

/** What a replay found of one feature, or of the rows themselves. */
export interface FeatureFinding {
  readonly feature: string;
  readonly rows: number;
  readonly counts: Readonly<Record<Verdict, number>>;
  /** One for each verdict. */
  readonly examples: readonly Example[];
}

interface Tally {
  readonly counts: Record<Verdict, number>;
  readonly examples: Map<Verdict, Example>;
}

/** Counts verdicts by feature, in the order in which features are first seen. */
export class Findings {
  readonly #tallies = new Map<string, Tally>();

  /** `example` is made only where the verdict is the feature's first of its kind. */
  async add(feature: string, verdict: Verdict, example: () => Promise<Omit<Example, 'verdict'>>): Promise<void> {
    const tally = this.#tallies.get(feature) ?? { counts: noneYet(), examples: new Map() };
    this.#tallies.set(feature, tally);
    tally.counts[verdict]++;
    if (verdict !== 'equal' && !tally.examples.has(verdict)) tally.examples.set(verdict, { verdict, ...(await example()) });
  }

  list(): readonly FeatureFinding[] {
    return [...this.#tallies].map(([feature, { counts, examples }]) => ({ feature, rows: sumOf(counts), counts, examples: [...examples.values()] }));
  }
}

/** The verdicts of all values together. */
export function totalOf(findings: readonly FeatureFinding[]): Readonly<Record<Verdict, number>> {
  const total = noneYet();
  for (const { counts } of findings) for (const verdict of VERDICTS) total[verdict] += counts[verdict];
  return total;
}

/** A value as it may be shown. */
export async function shownValue(redactor: Redactor, name: string, value: Value | undefined): Promise<Value> {
  if (value === undefined || value === null) return null;
  const shown = await redactor.value(name, value);
  return shown === String(value) ? value : shown;
}

/** An example in words. */
export function exampleText(feature: string, { verdict, run, batch, key, kept, now, known, trained }: Example): string {
  const row = `${Object.entries(key).map(([name, value]) => `${name}=${String(value)}`).join(', ')} in ${batch} of ${run}`;
  if (verdict === 'gone') return `${row}: ${feature} is gone`;
  if (verdict === 'trained-otherwise') return `${feature} of ${row}: scored with ${text(kept)}, learned from with ${text(trained?.value ?? null)} by ${trained?.run ?? ''}`;
  return `${feature} of ${row}: ${text(kept)} then, ${text(now)} now${verdict === 'peeks' ? `, ${text(known)} without what came later` : ''}`;
}

function text(value: Value): string {
  return value === null ? 'missing' : String(value);
}

function noneYet(): Record<Verdict, number> {
  return { equal: 0, peeks: 0, 'trained-otherwise': 0, rewritten: 0, gone: 0 };
}

function sumOf(counts: Readonly<Record<Verdict, number>>): number {
  return VERDICTS.reduce((sum, verdict) => sum + counts[verdict], 0);
}
