import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Storage } from '../../dataset/batch.ts';
import type { Config } from '../../shared/config/schema.ts';
import { readJsonFile } from '../../shared/files.ts';
import { canonicalJson } from '../../shared/hash.ts';
import { keyColumns } from '../columns.ts';
import { type Script, findScripts } from '../find.ts';
import { CONFIG_FILE } from '../job/model-files.ts';
import type { Places } from '../places.ts';

/** How a run made features: its model's own SQL and configuration. */
export interface Recipe {
  readonly scripts: readonly Script[];
  readonly config: Config;
  readonly keys: readonly string[];
  /** Features and slices, and how each is held: as the model is given it. */
  readonly columns: Readonly<Record<string, Storage>>;
  /** Equal where the same SQL is run with the same settings. */
  readonly signature: string;
}

export interface RecipeRequest {
  readonly modelRun: string;
  /** The step whose SQL makes features. */
  readonly extract: string;
}

export function hasRecipe(places: Places, { modelRun, extract }: RecipeRequest): boolean {
  const folder = join(places.models, modelRun);
  return existsSync(join(folder, CONFIG_FILE)) && existsSync(join(folder, 'sql', extract));
}

/** Reads recipes, each once. */
export class Recipes {
  readonly #places: Places;
  readonly #extract: string;
  readonly #dialect: string;
  readonly #read = new Map<string, Recipe>();

  constructor(places: Places, { extract, dialect }: { readonly extract: string; readonly dialect: string }) {
    this.#places = places;
    this.#extract = extract;
    this.#dialect = dialect;
  }

  of({ modelRun }: { readonly modelRun: string }): Recipe {
    const recipe = this.#read.get(modelRun) ?? this.#open(modelRun);
    this.#read.set(modelRun, recipe);
    return recipe;
  }

  #open(modelRun: string): Recipe {
    const folder = join(this.#places.models, modelRun);
    const sql = join(folder, 'sql', this.#extract);
    const scripts = findScripts(sql, relative(this.#places.state, sql), this.#dialect);
    const config = readJsonFile(join(folder, CONFIG_FILE)) as Config;
    const { features, slices, params, lead } = config;
    return {
      scripts,
      config,
      keys: keyColumns(config),
      columns: { ...held(features.number, 'number'), ...held([...features.category, ...slices].filter((name) => !features.number.includes(name)), 'text') },
      signature: canonicalJson([scripts.map(({ name, text }) => [name, text]), features, params, lead]),
    };
  }
}

function held(names: readonly string[], storage: Storage): Readonly<Record<string, Storage>> {
  return Object.fromEntries(names.map((name) => [name, storage]));
}
