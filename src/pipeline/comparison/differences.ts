import { bytewise } from '../../dataset/bytewise.ts';
import type { BatchRecord, Environment } from '../../registry/records.ts';
import type { Difference, DifferenceKind } from '../../report/comparison.ts';
import { canonicalJson } from '../../shared/hash.ts';
import { flatConfig, listText, valueText } from './flat-config.ts';

/** What is recorded of a run that could explain another result. */
export interface Recorded {
  /** As `RunDetail.inputs`. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly environment: Environment | undefined;
  readonly batches: readonly BatchRecord[];
}

/** Everything that is not the same in all runs, in the order in which a person would look for a cause. */
export function differencesOf(runs: readonly Recorded[]): readonly Difference[] {
  return [
    ...configuration(runs),
    ...texts('SQL', runs, ({ inputs }) => hashes(inputs['sql'])),
    ...texts('data', runs, ({ inputs }) => hashes(inputs['data'])),
    // What was predicted has a row for each of the test batch.
    ...texts('rows', runs, ({ batches }) => new Map(batches.filter(({ batch }) => batch !== 'predicted').map(({ batch, rows }) => [batch, String(rows)]))),
    ...texts('code', runs, ({ inputs, environment }) => facts({ engine: short(inputs['code']), commit: commitOf(environment) })),
    ...texts('packages', runs, ({ inputs, environment }) => facts({ 'package-lock.json': short(inputs['packages']), ...packagesOf(environment) })),
    ...texts('environment', runs, ({ inputs, environment }) => facts({ node: valueText(inputs['node']), backend: valueText(inputs['backend']), platform: environment?.platform ?? null })),
    ...texts('as-of date', runs, ({ inputs }) => facts({ as_of: valueText(inputs['as_of']) })),
  ];
}

function texts(kind: DifferenceKind, runs: readonly Recorded[], of: (run: Recorded) => ReadonlyMap<string, string>): readonly Difference[] {
  const found = runs.map(of);
  const names = [...new Set(found.flatMap((map) => [...map.keys()]))].sort(bytewise);
  return names.map((name) => ({ kind, name, values: found.map((map) => map.get(name) ?? null) })).filter(({ values }) => values.some((value) => value !== values[0]));
}

function configuration(runs: readonly Recorded[]): readonly Difference[] {
  const found = runs.map(({ inputs }) => flatConfig(inputs['config']));
  const names = [...new Set(found.flatMap((map) => [...map.keys()]))].sort(bytewise);
  return names.flatMap((name): readonly Difference[] => {
    const values = found.map((map) => map.get(name));
    const isSame = values.every((value) => canonicalJson(value ?? null) === canonicalJson(values[0] ?? null) && (value === undefined) === (values[0] === undefined));
    return isSame ? [] : [{ kind: name === 'seed' ? 'seed' : 'configuration', name, values: valueTexts(values) }];
  });
}

/** Long lists are told by what changed in them. */
function valueTexts(values: readonly unknown[]): readonly (string | null)[] {
  const [first] = values;
  if (!Array.isArray(first)) return values.map(valueText);
  const isFirst = (value: unknown): boolean => canonicalJson(value ?? null) === canonicalJson(first);
  return values.map((value) => (isFirst(value) ? `${first.length} listed` : Array.isArray(value) ? listText(first, value) : valueText(value)));
}

const SHORT = 12;

function short(hash: unknown): string | null {
  return typeof hash === 'string' ? hash.slice(0, SHORT) : null;
}

function hashes(value: unknown): ReadonlyMap<string, string> {
  return facts(Object.fromEntries(Object.entries((value ?? {}) as Record<string, unknown>).map(([name, hash]) => [name, short(hash)])));
}

function facts(values: Readonly<Record<string, string | null>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}

function commitOf(environment: Environment | undefined): string | null {
  if (environment === undefined || environment.commit === null) return null;
  return `${environment.commit.slice(0, SHORT)}${environment.dirty === true ? ' with changes' : ''}`;
}

/** Node stands with the environment. */
function packagesOf(environment: Environment | undefined): Readonly<Record<string, string>> {
  const { node: _node, ...packages } = environment?.versions ?? {};
  return packages;
}
