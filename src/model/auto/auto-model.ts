import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ColumnBatch } from '../../dataset/batch.ts';
import type { Contract } from '../../dataset/contract.ts';
import { readDescription } from '../description.ts';
import type { EncodedInput, FittedModel, HeldOut, TrainingSummary } from '../family.ts';
import { featureColumns } from '../features.ts';
import { tempered } from '../temperature.ts';
import { PredictCrew, type Saved, openModels } from './predict-crew.ts';
import { removeScratch } from './scratch.ts';
import { type Chosen, type Recipe, readRecipe, taken, writeRecipe } from './recipe.ts';

/** One member of the blend: its models are averaged, one of each fold, or a single one. */
interface Part extends Chosen {
  readonly models: readonly FittedModel[];
}

export interface AutoParts {
  readonly contract: Contract;
  readonly summary: TrainingSummary;
  readonly recipe: Recipe;
  /** The folder with a folder `<member>-<number>` for each model. */
  readonly folder: string;
  readonly held?: HeldOut | undefined;
  readonly linear?: FittedModel | undefined;
  /** Whether the folder goes when the model does. */
  readonly temporary: boolean;
}

/** A weighted blend of models of other families. */
export class AutoModel implements FittedModel {
  readonly summary: TrainingSummary;
  readonly contract: Contract;
  readonly held?: HeldOut | undefined;
  readonly linear?: FittedModel | undefined;
  private readonly its: AutoParts;
  private readonly parts: readonly Part[];
  private readonly crew: PredictCrew;

  private constructor(its: AutoParts, { parts, crew }: { readonly parts: readonly Part[]; readonly crew: PredictCrew }) {
    this.its = its;
    this.parts = parts;
    this.crew = crew;
    this.summary = its.summary;
    this.contract = its.contract;
    this.held = its.held;
    this.linear = its.linear;
  }

  static async open(its: AutoParts): Promise<AutoModel> {
    const saved: Saved[] = [];
    const parts: Part[] = [];
    for (const one of taken(its.recipe)) {
      const own = foldersOf(its.folder, one.name).map((folder) => ({ family: one.family, folder }));
      saved.push(...own);
      parts.push({ ...one, models: await openModels(own) });
    }
    return new AutoModel(its, { parts, crew: new PredictCrew(saved, parts.flatMap(({ models }) => models)) });
  }

  async predict(batch: ColumnBatch): Promise<Float64Array> {
    const { contract, recipe } = this.its;
    featureColumns(contract, batch);
    const outputs = recipe.baseline.length;
    const blended = new Float64Array(batch.rows * outputs);
    if (this.parts.length === 0) return blended.map((_zero, i) => recipe.baseline[i % outputs]!);
    const shares = this.parts.flatMap(({ models, weight }) => models.map(() => weight / models.length));
    for (const [i, one] of (await this.crew.predict(batch)).entries()) addTo(blended, one, shares[i]!);
    return tempered(blended, { task: contract.task, temperature: recipe.temperature, prior: recipe.baseline });
  }

  /** Of a member that is several models, as the first of them encodes. */
  encoded(batch: ColumnBatch): readonly EncodedInput[] {
    return this.parts.flatMap(({ name, models }) => (models[0]?.encoded?.(batch) ?? []).map((input) => ({ ...input, as: `${name} ${input.as}` })));
  }

  async save(folder: string): Promise<void> {
    const { recipe } = this.its;
    writeRecipe(folder, recipe);
    for (const { name } of taken(recipe)) {
      foldersOf(this.its.folder, name).forEach((from, i) => cpSync(from, join(membersOf(folder), `${name}-${i + 1}`), { recursive: true }));
    }
  }

  dispose(): void {
    this.crew.dispose();
    this.linear?.dispose();
    if (this.its.temporary) removeScratch(this.its.folder);
  }
}

/** Opens what `save` wrote. */
export async function loadAuto(folder: string): Promise<AutoModel> {
  const { contract, summary } = readDescription(folder);
  return AutoModel.open({ contract, summary, recipe: readRecipe(folder), folder: membersOf(folder), temporary: false });
}

function addTo(blended: Float64Array, predictions: Float64Array, share: number): void {
  for (let i = 0; i < blended.length; i++) blended[i]! += share * predictions[i]!;
}

function membersOf(folder: string): string {
  return join(folder, 'members');
}

/** The member's folders, `<member>-<number>`, by their numbers. */
function foldersOf(folder: string, member: string): readonly string[] {
  const numbers = readdirSync(folder).flatMap((name) => (name.startsWith(`${member}-`) ? [Number(name.slice(member.length + 1))] : []));
  const found = numbers.filter(Number.isInteger).sort((a, b) => a - b);
  if (found.length === 0) throw new Error(`the blend takes ${member}, and ${folder} holds no model of it`);
  return found.map((number) => join(folder, `${member}-${number}`));
}
