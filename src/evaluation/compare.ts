import type { TextColumn } from '../dataset/batch.ts';
import { checkSameRows } from './bootstrap.ts';
import { tooFew } from './enough.ts';
import { type Estimate, differenceOf, intervalsOf } from './estimates.ts';
import { metricNamed } from './metrics.ts';
import { type Comparison, type ComparisonOf, type Opponent, type SliceName, TRAINED } from './opponent.ts';
import { type Replicates, replicatesOf } from './replicates.ts';
import { rowsByValue } from './slices.ts';
import type { EvaluationData } from './task-metrics.ts';
import type { Task } from '../dataset/contract.ts';

/** The models of a night on the same rows. An opponent that does not exist tonight is simply not there. */
export interface Contest {
  readonly candidate: EvaluationData;
  /** Costs of wrong decisions and classes are the candidate's. Without decisions, metrics at the decision are not compared. */
  readonly opponents: ReadonlyMap<Opponent, EvaluationData>;
  /** Slice columns of the same rows. */
  readonly slices?: ReadonlyMap<string, TextColumn> | undefined;
  /** For each row the number of its entity, from 0 on without a gap, where entities recur: their rows are not independent. */
  readonly clusters?: Int32Array | undefined;
}

export interface CompareOptions {
  readonly task: Task;
  readonly seed: number;
  /** 300 unless said: they only estimate standard errors and correlations. */
  readonly resamples?: number | undefined;
  /** Of all judged intervals together; 0.95 unless said. */
  readonly level?: number | undefined;
  /** By metric, the standard deviation of one training over seeds, where it was measured. */
  readonly seedSpread?: ReadonlyMap<string, number> | undefined;
  /** How a slice's value may be shown; as it is unless said. */
  readonly shown?: ((column: string, value: string | null) => string | null) | undefined;
}

/** Some of the rows. */
interface Part {
  readonly slice: SliceName | undefined;
  readonly rows: Uint32Array | undefined;
}

/** One comparison on some rows, before it is measured. */
interface Cell extends ComparisonOf {
  readonly part: Part;
  readonly tooFew: string | null;
}

type Measured = ReadonlyMap<Part, ReadonlyMap<string, Replicates>>;

/**
 * Compares a candidate with its opponents, for all comparisons of the night by one paired bootstrap: each resample draws the
 * same rows for every model, metric and slice. An interval is the difference ± a critical value × its standard error, and
 * the critical value is one for which *all* judged intervals hold together with the chance `level` (`criticalValue`). So the
 * chance that a verdict refuses a model without reason is at most 1 − level, however many gates and slices there are. A seed's
 * spread adds its variance once for each of the two that was trained. Comparisons with an opponent that is not there are left out.
 * Throws `predictions-invalid` as `metricsOf` does and where rows differ, `config-invalid` for a metric that the task does not have.
 */
export function compareModels(contest: Contest, wanted: readonly ComparisonOf[], options: CompareOptions): readonly Comparison[] {
  const { level = 0.95, seed } = options;
  for (const { metric } of wanted) metricNamed(options.task, metric, 'gates');
  for (const opponent of contest.opponents.values()) checkSameRows(contest.candidate, opponent);
  const cells = cellsOf(contest, wanted, options);
  const differences = estimate(contest, cells, options);
  const known = cells.map((cell) => differences.get(cell) ?? NOTHING);
  const intervals = intervalsOf(known, cells.map(({ alone }) => alone !== true), { level, seed });
  return cells.map(({ opponent, metric, part, tooFew }, i) => ({ opponent, metric, slice: part.slice, rows: part.rows?.length ?? contest.candidate.labels.length, difference: intervals[i]!, tooFew }));
}

/** Where a slice has too few rows, nothing is measured. */
const NOTHING: Estimate = { value: null, error: null, deviations: new Float64Array(0), defined: 0 };

function cellsOf(contest: Contest, wanted: readonly ComparisonOf[], { task, shown = (_column, value) => value }: CompareOptions): readonly Cell[] {
  const whole: readonly Part[] = [{ slice: undefined, rows: undefined }];
  const parts = new Map([...(contest.slices ?? [])].map(([column, values]) => [column, rowsByValue(values).map(({ value, rows }): Part => ({ slice: { column, value: shown(column, value) }, rows }))]));
  return wanted
    .filter(({ opponent }) => contest.opponents.has(opponent))
    .flatMap((one) => (one.slices === undefined ? whole : (parts.get(one.slices) ?? [])).map((part) => ({ ...one, part, tooFew: littleOf(contest, part.rows, { task, metric: one.metric }) })));
}

function littleOf({ candidate: { labels }, clusters }: Contest, rows: Uint32Array | undefined, of: { readonly task: Task; readonly metric: string }): string | null {
  if (rows === undefined) return tooFew({ ...of, labels, clusters });
  return tooFew({ ...of, labels: Float64Array.from(rows, (row) => labels[row]!), clusters: clusters && Int32Array.from(rows, (row) => clusters[row]!) });
}

/** The differences of all cells with enough rows, and that on the whole batch in any case; with too few it has no error. */
function estimate(contest: Contest, cells: readonly Cell[], options: CompareOptions): ReadonlyMap<Cell, Estimate> {
  const told = cells.filter(({ tooFew, part }) => tooFew === null || part.rows === undefined);
  const candidate = measure(contest, contest.candidate, { cells: told, options });
  const found = new Map<Cell, Estimate>();
  for (const [opponent, data] of contest.opponents) {
    const own = told.filter((cell) => cell.opponent === opponent);
    const measured = measure(contest, { ...data, cost: contest.candidate.cost, classes: contest.candidate.classes }, { cells: own, options });
    for (const cell of own) {
      const difference = differenceOf(replicates(candidate, cell), replicates(measured, cell), varianceOfSeeds(cell, options));
      found.set(cell, cell.tooFew === null ? difference : { ...difference, error: null });
    }
  }
  return found;
}

/** The variance over seeds of a difference: of the candidate's training, and of the opponent's where it was trained. */
function varianceOfSeeds({ opponent, metric }: Cell, { seedSpread }: CompareOptions): number {
  return (TRAINED.has(opponent) ? 2 : 1) * (seedSpread?.get(metric) ?? 0) ** 2;
}

function measure({ clusters }: Contest, data: EvaluationData, { cells, options }: { readonly cells: readonly Cell[]; readonly options: CompareOptions }): Measured {
  const metrics = new Map<Part, Set<string>>();
  for (const { part, metric } of cells) metrics.set(part, (metrics.get(part) ?? new Set()).add(metric));
  const parts = [...metrics.keys()];
  const { task, seed, resamples = 300 } = options;
  const found = parts.length === 0 ? [] : replicatesOf(data, parts.map((part) => ({ rows: part.rows, metrics: [...metrics.get(part)!] })), { task, seed, resamples, clusters });
  return new Map(parts.map((part, i) => [part, found[i]!]));
}

function replicates(measured: Measured, { part, metric }: Cell): Replicates {
  return measured.get(part)!.get(metric)!;
}
