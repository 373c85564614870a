import { NightshiftError } from '../shared/errors.ts';
import { descendingOrder } from './order.ts';

/** What `decision:` in `pipeline.yaml` may say. */
export type DecisionRule =
  /** The share of rows, in (0, 1), that is to be positive. */
  | { readonly top_share: number }
  /** How many rows of each batch are positive. */
  | { readonly top_n: number }
  /** What a false positive and a false negative cost, each above 0, in any unit. */
  | { readonly cost: { readonly fp: number; readonly fn: number } }
  | { readonly threshold: number };

/** How scores become classes, settled; plain values, saved with the model. `rule` says where it came from. */
export type Decision =
  /** Positive is what scores `threshold` or more. */
  | { readonly kind: 'threshold'; readonly threshold: number; readonly rule: DecisionRule | 'as many as usual' }
  /** Positive are the `n` highest scores of each batch. */
  | { readonly kind: 'top_n'; readonly n: number };

/** Validation rows: predicted probabilities and labels, 0 or 1. */
export interface ValidationScores {
  readonly scores: Float64Array;
  readonly labels: Float64Array;
}

/**
 * Settles a rule on validation rows. A share becomes the threshold that comes closest to it there; unless a rule is given,
 * the share is that of the positives. Costs become fp / (fp + fn), the least costly threshold for probabilities that are
 * calibrated (Elkan, "The foundations of cost-sensitive learning", IJCAI 2001, eq. 2, right decisions costing nothing): the
 * threshold that happened to be cheapest on validation rows would follow their noise. Throws `validation-empty`.
 */
export function settleDecision(rule: DecisionRule | undefined, validation: ValidationScores): Decision {
  if (rule === undefined) {
    const positives = validation.labels.reduce((total, label) => total + label, 0);
    return { kind: 'threshold', threshold: thresholdFor(positives, validation.scores), rule: 'as many as usual' };
  }
  if ('top_n' in rule) return { kind: 'top_n', n: rule.top_n };
  if ('threshold' in rule) return { kind: 'threshold', threshold: rule.threshold, rule };
  if ('cost' in rule) return { kind: 'threshold', threshold: rule.cost.fp / (rule.cost.fp + rule.cost.fn), rule };
  return { kind: 'threshold', threshold: thresholdFor(rule.top_share * validation.scores.length, validation.scores), rule };
}

/** Classes (0 or 1) and ranks (1 is the highest score) of a batch; equal scores rank in the order of their rows. */
export function decide(decision: Decision, scores: Float64Array): { readonly class: Uint8Array; readonly rank: Int32Array } {
  const rank = ranksOf(scores);
  const isPositive = positivesOf(decision, scores, () => rank);
  return { class: new Uint8Array(scores.length).map((_zero, row) => (isPositive(row) ? 1 : 0)), rank };
}

/** Ranks from 1, the highest score. The scores must not be NaN. */
export function ranksOf(scores: Float64Array): Int32Array {
  const rank = new Int32Array(scores.length);
  descendingOrder(scores).forEach((row, place) => {
    rank[row] = place + 1;
  });
  return rank;
}

/** Tells of each row of a batch whether it is positive. `ranks`, which cost a sort, are asked for only where they decide. */
export function positivesOf(decision: Decision, scores: Float64Array, ranks: () => Int32Array): (row: number) => boolean {
  return decision.kind === 'top_n' ? (row) => ranks()[row]! <= decision.n : (row) => scores[row]! >= decision.threshold;
}

/**
 * The threshold that lets the number of scores come closest to `wanted`; of two that are equally close, the higher. It lies
 * midway between the last score in and the first one out, so that a prediction which differs in its last digits on
 * another backend falls on the same side; beyond the scores, 1 and 0 take the place of a neighbour.
 */
function thresholdFor(wanted: number, scores: Float64Array): number {
  if (scores.length === 0) throw noValidation();
  const falling = scores.toSorted().reverse();
  let best = 0;
  for (let count = 1; count <= falling.length; count++) {
    const isCut = count === falling.length || falling[count] !== falling[count - 1];
    if (isCut && Math.abs(count - wanted) < Math.abs(best - wanted)) best = count;
  }
  if (best === falling.length) return 0;
  return between(falling[best]!, falling[best - 1] ?? 1);
}

/** A number above `low` and at most `high`; where there is none, for a score of 1, the next one above it. */
function between(low: number, high: number): number {
  const middle = low + (high - low) / 2;
  if (middle > low) return middle;
  return high > low ? high : low + Number.EPSILON;
}

function noValidation(): NightshiftError {
  return new NightshiftError({
    code: 'validation-empty',
    what: 'A decision is settled on validation rows, and there are none',
    found: '0 rows',
    expected: 'at least one row with a known label',
    fix: 'lengthen split.train_days, raise split.validation_share, or set decision.threshold',
  });
}
