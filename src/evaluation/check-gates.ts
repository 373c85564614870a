import type { Task } from '../dataset/contract.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { nearest } from '../shared/nearest.ts';
import { type ComparisonGate, type Gate, isComparison, opponentOf, sliceColumnsOf } from './gate.ts';
import { metricNamed } from './metrics.ts';

/** What else a configuration says that gates rest on. */
export interface GateGround {
  /** The configured slice columns. */
  readonly slices: readonly string[];
  /** The column of the user's own rule. */
  readonly rule?: string | undefined;
}

/** Checks the gates of a configuration before anything runs: throws `config-invalid` (exit code 2), naming the gate. */
export function checkGates(task: Task, gates: readonly Gate[], ground: GateGround): void {
  checkMetrics(task, gates);
  for (const [i, gate] of gates.entries()) {
    if (isComparison(gate)) checkComparison(gate, ground, `gates[${i}]`);
    else if ((gate.min ?? Number.NEGATIVE_INFINITY) > (gate.max ?? Number.POSITIVE_INFINITY)) {
      throw wrong({ what: 'No value passes this gate: its min lies above its max', where: `gates[${i}]`, found: `min ${gate.min}, max ${gate.max}`, expected: 'a min of at most max' });
    }
  }
}

/** Throws `config-invalid` for metrics that the task does not have, or that cannot be better or worse where a gate compares. */
export function checkMetrics(task: Task, gates: readonly Gate[]): void {
  for (const [i, gate] of gates.entries()) {
    const where = `gates[${i}].metric`;
    const { direction } = metricNamed(task, gate.metric, where);
    if (isComparison(gate) && direction === 'none') {
      throw wrong({ what: 'A gate compares by a metric that is neither better nor worse', where, found: gate.metric, expected: 'a metric that measures quality, such as auc' });
    }
  }
}

function checkComparison(gate: ComparisonGate, { slices, rule }: GateGround, where: string): void {
  if (opponentOf(gate) === 'rule' && rule === undefined) {
    throw wrong({ what: 'A gate asks for a model that is better than the rule, and there is no rule', where: `${where}.better_than`, found: 'rule', expected: 'a column of features under rule', fix: 'add rule: COLUMN to pipeline.yaml, the column with what the rule predicts' });
  }
  const columns = sliceColumnsOf(gate, slices);
  if (columns?.length === 0) {
    throw wrong({ what: 'A gate holds slices, and no slice column is configured', where: `${where}.slices`, found: 'slices: []', expected: 'a column under slices', fix: 'add slices: [COLUMN] to pipeline.yaml' });
  }
  for (const column of columns ?? []) {
    if (slices.includes(column)) continue;
    const closest = nearest(column, slices);
    throw wrong({ what: 'A gate holds a slice column that is not configured', where: `${where}.slices`, found: column, expected: slices.length === 0 ? 'a column under slices' : `of ${slices.join(', ')}`, fix: closest === undefined ? `add ${column} to slices` : `did you mean ${closest}?` });
  }
}

function wrong(details: { readonly what: string; readonly where: string; readonly found: string; readonly expected: string; readonly fix?: string }): NightshiftError {
  return new NightshiftError({ code: 'config-invalid', exitCode: ExitCode.usage, ...details });
}
