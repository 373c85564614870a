import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ConfusionFigure, type Figures, type ImportanceFigure, figuresOf } from '../../evaluation/figures.ts';
import type { EvaluationData } from '../../evaluation/task-metrics.ts';
import { loadModel } from '../../model/folder.ts';
import type { FittedModel } from '../../model/family.ts';
import { writeFileWhole } from '../../shared/files.ts';
import { Mask } from '../../shared/sensitive.ts';
import type { StepContext } from '../context.ts';
import { permutationImportance } from './importance.ts';
import { FIGURES_FILE } from './model-files.ts';
import { sampleRows } from './row-sample.ts';
import { featureStorage, labelStorage, streamOf } from './streams.ts';
import { knownClasses } from './test-classes.ts';

/** Rows that importance predicts, shuffled or not, all features together. Only the slowest blends take seconds for so many. */
const PREDICTED_ROWS = 40_000;
const MOST_ROWS = 2_000;
const LEAST_ROWS = 200;
const MOST_REPEATS = 3;

export interface Drawn {
  readonly data: EvaluationData;
  /** The folder of the model that was measured. */
  readonly folder: string;
  /** The metric that stands for the model. */
  readonly primary: string;
}

/** Keeps what the report draws of a model and its test batch: `figures.json` beside the model, or in the run's working folder where the model is another run's. */
export async function keepFigures(step: StepContext, { data, folder, primary }: Drawn): Promise<void> {
  const start = performance.now();
  const model = await loadModel(folder);
  try {
    const importance = await importanceOf(step, model, { rows: data.labels.length, primary });
    const figures = shownFigures(step, { ...figuresOf(step.config.task, data), importance });
    const kept = folder === step.modelFolder && existsSync(folder) ? folder : step.work;
    writeFileWhole(join(kept, FIGURES_FILE), `${JSON.stringify(figures)}\n`);
    step.log({ event: 'figures', rows: importance?.rows ?? 0, seconds: (performance.now() - start) / 1000, message: 'curves of the test batch, and importance by so many of its rows' });
  } finally {
    model.dispose();
  }
}

async function importanceOf(step: StepContext, model: FittedModel, { rows: total, primary }: { rows: number; primary: string }): Promise<ImportanceFigure | undefined> {
  if (total === 0) return undefined;
  const { rows: wanted, repeats } = importanceWork(total, model.contract.features.length);
  const warehouse = await step.warehouse();
  const columns = { ...featureStorage(model.contract), ...labelStorage(model.contract) };
  const batch = await sampleRows(streamOf(step, warehouse, { relation: 'test', columns, where: knownClasses(warehouse, model.contract) }), { wanted, total });
  return permutationImportance(model, batch, { metric: primary, seed: step.config.seed, repeats });
}

/** Of how many rows each feature is shuffled, and how often: together no more predictions than a night has time for. */
export function importanceWork(total: number, features: number): { readonly rows: number; readonly repeats: number } {
  const rows = Math.min(total, MOST_ROWS, Math.max(LEAST_ROWS, Math.floor(PREDICTED_ROWS / features)));
  return { rows, repeats: Math.min(MOST_REPEATS, Math.max(1, Math.floor(PREDICTED_ROWS / (rows * features)))) };
}

/** Classes are values of the label: where that is sensitive, keyed hashes stand for them. */
function shownFigures(step: StepContext, figures: Figures): Figures {
  const mask = new Mask(step.config.sensitive, step.run.places.data);
  const { column } = step.config.label;
  if (!mask.hides(column)) return figures;
  const shown = (name: string): string => (figures.task === 'multiclass' ? mask.hash(name) : name);
  return { ...figures, roc: figures.roc?.map((curve) => ({ ...curve, name: shown(curve.name) })), confusion: figures.confusion && shownConfusion(figures.confusion, shown) };
}

function shownConfusion({ classes, counts, mistakes }: ConfusionFigure, shown: (name: string) => string): ConfusionFigure {
  return { classes: classes.map(shown), counts, mistakes: mistakes.map(({ label, taken, rows }) => ({ label: shown(label), taken: shown(taken), rows })) };
}
