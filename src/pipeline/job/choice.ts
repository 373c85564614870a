import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RECIPE_FILE } from '../../model/auto/recipe.ts';
import { requireModel } from '../../model/folder.ts';
import type { Config } from '../../shared/config/schema.ts';
import { dayOf } from '../../shared/days.ts';
import { readJsonFile } from '../../shared/files.ts';
import { canonicalJson } from '../../shared/hash.ts';
import type { StepContext } from '../context.ts';
import { CHOICE_FILE, CONFIG_FILE } from './model-files.ts';


export interface Choice {
  readonly run: string;
  readonly as_of: string;
  /** What was chosen; undefined where tonight chooses. */
  readonly recipe: unknown;
}

/**
 * The champion's recipe, where `train.choose_every` says that it still holds: chosen by the same configuration, and not so many
 * days ago. Otherwise tonight chooses.
 */
export function earlierChoice(step: StepContext): Choice {
  const tonight = { run: step.run.runId, as_of: step.run.windows.asOf, recipe: undefined };
  const { champion, places } = step.run;
  const every = step.config.train.choose_every;
  if (every === undefined || champion === null) return tonight;
  const folder = join(places.models, champion);
  if (!existsSync(folder) || requireModel(folder) !== step.config.model.family) return tonight;
  const chosen = readJsonFile(join(folder, CHOICE_FILE)) as Omit<Choice, 'recipe'> | undefined;
  const recipe = readJsonFile(join(folder, RECIPE_FILE));
  const config = readJsonFile(join(folder, CONFIG_FILE)) as Config | undefined;
  if (chosen === undefined || recipe === undefined || config === undefined || choosingPart(config) !== choosingPart(step.config)) return tonight;
  return step.run.windows.asOfDay - dayOf(chosen.as_of) < every ? { ...chosen, recipe } : tonight;
}

/** What of a configuration a choice rests on. */
function choosingPart({ task, features, label, model, split, weight, seed }: Config): string {
  return canonicalJson({ task, features, label, model, split, weight: weight ?? null, seed });
}
