import { concatenate } from '../../dataset/floats.ts';
import { renumbered } from '../../evaluation/draws.ts';
import type { EvaluationData } from '../../evaluation/task-metrics.ts';
import type { NightScores } from './labelled-rows.ts';

/** The labelled rows of several nights. */
export interface Pool {
  readonly data: EvaluationData;
  /** For each row the number of its entity, from 0 on without a gap, where entities recur. */
  readonly clusters: Int32Array | undefined;
}

/** The labelled rows of some nights behind one another, as each was scored and decided on its night. */
export function poolOf(nights: readonly NightScores[]): Pool {
  const parts = nights.map(({ data }) => data);
  const decided = parts.map((part) => part.decided);
  const margins = parts.map(({ margin }) => (margin instanceof Float64Array ? margin : undefined));
  const entities = nights.map((one) => one.entities);
  const data: EvaluationData = {
    labels: concatenate(parts.map(({ labels }) => labels)),
    predictions: concatenate(parts.map(({ predictions }) => predictions)),
    decided: isWhole(decided) ? Uint8Array.from(decided.flatMap((one: Uint8Array) => [...one])) : undefined,
    classes: parts[0]!.classes,
    cost: parts[0]!.cost,
    margin: isWhole(margins) ? concatenate(margins) : undefined,
  };
  return { data, clusters: isWhole(entities) ? renumbered(Int32Array.from(entities.flatMap((part) => [...part]))) : undefined };
}

function isWhole<T>(parts: readonly (T | undefined)[]): parts is T[] {
  return parts.every((part) => part !== undefined);
}
