import { join } from 'node:path';
import type { BatchSource } from '../../dataset/batch.ts';
import type { Contract } from '../../dataset/contract.ts';
import { type FeatureDrift, countIn, driftOf } from '../../evaluation/drift.ts';
import { type FeatureProfile, type Profile, profileOf } from '../../evaluation/drift-profile.ts';
import { ExitCode, NightshiftError } from '../../shared/errors.ts';
import { readJsonFile } from '../../shared/files.ts';
import type { StepContext } from '../context.ts';
import { PROFILE_FILE } from './model-files.ts';
import { numbers, scoresOf } from './result-columns.ts';
import { featureStorage, streamOf } from './streams.ts';

/** How features were distributed in training, and scores on rows that were held out. */
export interface ModelProfile {
  readonly features: Profile;
  readonly score: Profile;
}

/** The name that the score goes by among the features. */
export const SCORE = 'score';

/** Profiles what a model is trained on; `predictions` are those of held-out rows, rows × outputs. */
export async function modelProfile(step: StepContext, { contract, rows, predictions }: { contract: Contract; rows: BatchSource; predictions: Float64Array }): Promise<ModelProfile> {
  const { seed } = step.config;
  return { features: await profileOf(rows, contract.features, seed), score: await profileOf(scoreSource(scoresOf(predictions, contract.classes.length)), [{ name: SCORE, kind: 'number' }], seed) };
}

/** The scores, as a stream of one batch. */
function scoreSource(scores: Float64Array): BatchSource {
  return async function* () {
    yield { rows: scores.length, columns: new Map([[SCORE, numbers(scores)]]) };
  };
}

export interface DriftRequest {
  /** The folder of the model that scored. */
  readonly folder: string;
  readonly contract: Contract;
  /** The rows that it scored. */
  readonly relation: string;
  readonly scores: Float64Array;
}

/** How far the rows that were scored, and their scores, have moved from what the model was trained on; says so. Empty for a model that kept no profile. */
export async function measureDrift(step: StepContext, { folder, contract, relation, scores }: DriftRequest): Promise<readonly FeatureDrift[]> {
  const profile = readProfile(folder);
  if (profile === undefined) return [];
  const { ignore, ...limits } = step.config.drift;
  const rows = await countIn(profile.features, streamOf(step, await step.warehouse(), { relation, columns: featureStorage(contract) }));
  const features = driftOf(profile.features, rows, limits).filter(({ feature }) => !ignore.includes(feature));
  const found = [...features, ...driftOf(profile.score, await countIn(profile.score, scoreSource(scores)), limits)];
  say(step, found);
  return found;
}

function say(step: StepContext, found: readonly FeatureDrift[]): void {
  const moved = found.filter(({ verdict }) => verdict === 'warn' || verdict === 'block').sort((a, b) => (b.drift ?? 0) - (a.drift ?? 0));
  for (const { feature, drift, verdict } of found) step.log({ event: `drift ${feature}`, ...(verdict === 'warn' || verdict === 'block' ? { status: 'warn' as const } : {}), message: drift === null ? 'too few rows to tell' : drift.toFixed(3), show: false });
  if (moved.length === 0) return;
  const named = moved.slice(0, 5).map(({ feature, drift }) => `${feature} ${(drift ?? 0).toFixed(2)}`).join(', ');
  step.log({ event: 'drift', status: 'warn', message: `${moved.length} of ${found.length} features and scores have moved since training: ${named}${moved.length > 5 ? ', and others' : ''}`, show: true });
}

/** Refuses to let scores go out where they have moved as far as `drift.block`. */
export function requireNoBlock(found: readonly FeatureDrift[], block: 'off' | number): void {
  const moved = found.filter(({ verdict }) => verdict === 'block');
  if (moved.length === 0) return;
  throw new NightshiftError({
    code: 'drift-blocks',
    what: 'What is to be scored has moved too far from what the model was trained on',
    where: 'drift.block in pipeline.yaml',
    found: moved.map(({ feature, drift }) => `${feature} ${(drift ?? 0).toFixed(2)}`).join(', '),
    expected: `less than ${String(block)}`,
    fix: 'see logs/05-score.csv; mend the source, or name in drift.ignore what may move',
    exitCode: ExitCode.checksFailed,
  });
}

/** Features that varied where an earlier model was trained, and do not any more. */
export function stuckFeatures(earlier: ModelProfile | undefined, now: ModelProfile): readonly string[] {
  return Object.entries(now.features.features).flatMap(([name, profile]) => {
    const before = earlier?.features.features[name];
    return before !== undefined && varies(before) && !varies(profile) ? [name] : [];
  });
}

/** Whether rows differ in a feature. Missing and not is a difference, too. */
function varies(profile: FeatureProfile): boolean {
  if (profile.missing > 0 && profile.missing < 1) return true;
  return profile.kind === 'number' ? profile.quantiles[0] !== profile.quantiles.at(-1) : profile.values.length + (profile.rest > 0 ? 1 : 0) > 1;
}

export function readProfile(folder: string): ModelProfile | undefined {
  return readJsonFile(join(folder, PROFILE_FILE)) as ModelProfile | undefined;
}
