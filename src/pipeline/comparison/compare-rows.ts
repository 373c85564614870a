import { decide } from '../../evaluation/decision.ts';
import type { RunDetail } from '../../registry/records.ts';
import type { MovedRow, RowsComparison } from '../../report/comparison-rows.ts';
import { NightshiftError } from '../../shared/errors.ts';
import { canonicalJson } from '../../shared/hash.ts';
import { Mask } from '../../shared/sensitive.ts';
import { openKept } from '../kept-batches.ts';
import type { Record } from '../record.ts';
import { configOf, incomparable } from './compare.ts';
import { featureDistances } from './feature-distance.ts';
import { type Frozen, predictFrozen } from './frozen-batch.ts';
import { type Movement, changeOf, flipsOf, mostMoved, slicesOf } from './movement.ts';
import { type Sides, checkFeatures, checkSides, detailOf, sidesOf } from './sides.ts';

export interface RowsRequest {
  /** The runs whose models are compared. */
  readonly first: string;
  readonly second: string;
  /** The run on whose kept test batch. */
  readonly on: string;
  readonly progress: (text: string) => void;
}

const SHOWN_ROWS = 10;

/**
 * Lets two models predict one kept test batch and tells where they disagree. Throws `runs-incomparable` for other tasks, targets or
 * classes and for features that the batch lacks, `batch-gone` where it is no longer kept, `model-missing`, `model-altered`.
 */
export async function compareRows({ registry, places, config: project }: Record, request: RowsRequest): Promise<RowsComparison> {
  const on = detailOf(registry, request.on);
  const config = configOf(request.on, on.inputs);
  const sides = await sidesOf(registry, places, request);
  const warehouse = await openKept(places, { runId: request.on, kept: 'learned' });
  try {
    checkSides(sides, { runId: request.on, config });
    if (warehouse === undefined) throw new NightshiftError({ code: 'batch-gone', what: `The test batch of run ${request.on} is not kept, or no longer`, where: places.data, fix: '--on names another run whose batch there is' });
    await checkFeatures(warehouse, sides, request.on);
    const frozen = await predictFrozen(warehouse, { config, models: [sides[0].model, sides[1].model], progress: request.progress });
    // What was not sensitive then may be now, and the other way round.
    const mask = new Mask([...project.sensitive, ...config.sensitive, ...sides.flatMap((side) => side.config.sensitive)], places.data);
    return { first: request.first, second: request.second, on: request.on, task: config.task, target: config.label.column, ...compared(frozen, sides, mask), notes: notesOf(sides, on) };
  } finally {
    sides.forEach(({ model }) => model.dispose());
    await warehouse?.close();
  }
}


function compared(frozen: Frozen, sides: Sides, mask: Mask): Pick<RowsComparison, 'rows' | 'score' | 'flips' | 'change' | 'slices' | 'moved'> {
  if (frozen.rows === 0) throw incomparable({ what: 'The test batch has no rows', found: '0 rows' });
  const { movement, score } = movementOf(frozen, sides);
  const slices = [...frozen.slices].flatMap(([name, column]) => slicesOf(movement, name, column.column()).map((slice) => ({ ...slice, value: mask.shown(name, slice.value) ?? 'missing' })));
  return { rows: frozen.rows, score, flips: flipsOf(movement), change: changeOf(movement), slices, moved: movedRows(frozen, movement, mask) };
}

/** Binary: the probability. Multiclass: that of the class which the first model finds likeliest. Regression: the prediction. */
function movementOf({ predictions: [first, second], rows }: Frozen, [one, other]: Sides): { movement: Movement; score: string } {
  const { classes, task } = one.model.contract;
  if (task === 'multiclass') {
    const [likeliest, others] = [first, second].map((values) => Int32Array.from({ length: rows }, (_, row) => likeliestOf(values, row * classes.length, classes.length))) as [Int32Array, Int32Array];
    const of = (values: Float64Array): Float64Array => Float64Array.from(likeliest, (k, row) => values[row * classes.length + k]!);
    return { movement: { first: of(first), second: of(second), classes: { first: likeliest, second: others, names: classes } }, score: 'probability of the class that the first model finds likeliest' };
  }
  if (task === 'regression') return { movement: { first, second, classes: undefined }, score: `prediction, in the unit of ${one.model.contract.label}` };
  const decided = one.decision === null || other.decision === null ? undefined : { first: Int32Array.from(decide(one.decision, first).class), second: Int32Array.from(decide(other.decision, second).class), names: ['0', '1'] };
  return { movement: { first, second, classes: decided }, score: 'probability' };
}

function likeliestOf(values: Float64Array, from: number, classes: number): number {
  let best = 0;
  for (let k = 1; k < classes; k++) if (values[from + k]! > values[from + best]!) best = k;
  return best;
}

function movedRows({ keyOf, features }: Frozen, movement: Movement, mask: Mask): readonly MovedRow[] {
  const rows = mostMoved(movement, SHOWN_ROWS);
  const distances = featureDistances(features, rows, mask);
  const { classes } = movement;
  return rows.map((row, i) => {
    const [first, second] = [movement.first[row]!, movement.second[row]!];
    const key = keyOf(row).map(({ column, value }) => ({ column, value: mask.shown(column, value) }));
    return { key, first, second, change: second - first, classes: classes === undefined ? null : [classes.names[classes.first[row]!]!, classes.names[classes.second[row]!]!], features: distances[i]! };
  });
}

function notesOf(sides: Sides, on: RunDetail): readonly string[] {
  return [
    ...sides.filter(({ sql, runId }) => runId !== on.runId && canonicalJson(sql ?? null) !== canonicalJson(on.inputs['sql'] ?? null)).map(({ runId }) => `The rows are as the SQL of ${on.runId} made them; that of ${runId} is another.`),
    ...sides.filter(({ decision, config }) => decision === null && config.task === 'binary').map(({ runId }) => `The model of ${runId} has no decision: its scores become no classes.`),
  ];
}
