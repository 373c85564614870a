import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Task } from '../../dataset/contract.ts';
import type { RoundUnit } from '../family.ts';
import { writeFileWhole } from '../../shared/files.ts';
import type { Plan } from './plan.ts';

/** What one member came to on held-out rows. */
export interface Chosen {
  readonly name: string;
  readonly family: string;
  /** Its share of the blend; 0 where it was trained and not taken. */
  readonly weight: number;
  /** Mean log loss or squared error of it alone. */
  readonly loss: number | null;
  /** Rounds after which its trainings were best, on average. */
  readonly rounds: number;
  readonly unit: RoundUnit;
  /** Its options that held-out rows settled. */
  readonly settled: Readonly<Record<string, unknown>>;
}

/** What was planned and what was chosen: enough to do it again without choosing again. `plan.json` of the model's folder. */
export interface Recipe {
  readonly plan: Plan;
  readonly picks: readonly Chosen[];
  /** The blend's loss on held-out rows. */
  readonly loss: number | null;
  readonly heldRows: number;
  readonly temperature: number;
  /** What every row is given where nothing was trained: one value an output. */
  readonly baseline: readonly number[];
  /** Members that the clock cut. Empty, unless the machine was far slower than planned for. */
  readonly cut: readonly string[];
}

export const RECIPE_FILE = 'plan.json';

export function writeRecipe(folder: string, recipe: Recipe): void {
  writeFileWhole(join(folder, RECIPE_FILE), `${JSON.stringify(recipe, null, 1)}\n`);
}

export function readRecipe(folder: string): Recipe {
  return JSON.parse(readFileSync(join(folder, RECIPE_FILE), 'utf8')) as Recipe;
}

/** The members that are in the blend. */
export function taken({ picks }: Pick<Recipe, 'picks'>): readonly Chosen[] {
  return picks.filter(({ weight }) => weight > 0);
}

/** What a person is told before the work begins. */
export function planLines({ budget, judgedBy, folds, members, left, seconds }: Plan): readonly string[] {
  const times = judgedBy === 'folds' ? `each on ${folds} folds` : 'each on the training rows, the chosen ones then on all';
  const listed = members.map(({ name, seconds: one }) => `${name} (${one.toFixed(1)} s)`).join(', ');
  return [
    members.length === 0 ? `a budget of ${budget} s is too short for any model` : `plan for a budget of ${budget} s: ${listed}; ${times}; some ${seconds.toFixed(0)} s on two cores`,
    ...withoutLines(members),
    ...(left.length === 0 ? [] : [`no room in the budget for ${left.join(', ')}`]),
  ];
}

function withoutLines(members: Plan['members']): readonly string[] {
  const apart = members.filter(({ without = [] }) => without.length > 0);
  if (apart.length === 0) return [];
  return [`${apart.map(({ name }) => name).join(' and ')} without ${apart[0]!.without!.join(', ')}, of which each day has a value of its own`];
}

/** What a person is told of the choice. */
export function choiceLines({ plan, picks, loss, heldRows, cut }: Recipe, task: Task): readonly string[] {
  if (picks.length === 0) return ['no model was trained: every row is given the baseline'];
  const judged = plan.judgedBy === 'folds' ? `${heldRows} rows, each held out once in ${plan.folds} folds` : `${heldRows} held-out rows`;
  const shown = (value: number | null): string => (value === null ? 'unknown' : (task === 'regression' ? Math.sqrt(value) : value).toPrecision(5));
  const byLoss = [...picks].sort((a, b) => (a.loss ?? 0) - (b.loss ?? 0));
  return [
    `blend: ${taken({ picks }).map(({ name, weight }) => `${name} ${Math.round(weight * 1000) / 10}%`).join(', ')}; ${task === 'regression' ? 'RMSE' : 'log loss'} ${shown(loss)} on ${judged}`,
    `alone: ${byLoss.map(({ name, loss: one, rounds, unit }) => `${name} ${shown(one)} (${rounds} ${unit}s)`).join(', ')}`,
    ...(cut.length === 0 ? [] : [`cut by the clock, so that another night may come out otherwise: ${cut.join(', ')}`]),
  ];
}
