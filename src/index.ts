/** What a project's steps are written with. */
export { defineStep, type StepDefinition } from './pipeline/step.ts';
export { defineSample, type SampleDefinition, type SampleRequest } from './pipeline/sample.ts';
export type { StepContext } from './pipeline/context.ts';
export { checkSources } from './pipeline/job/check-sources.ts';
export { makeRelations } from './pipeline/job/make-relations.ts';
export { writeContract } from './pipeline/job/write-contract.ts';
export { blindTest } from './pipeline/job/blind-test.ts';
export { checkSplit } from './pipeline/job/check-split.ts';
export { NightshiftError } from './shared/errors.ts';

/** The steps below load models and metrics only when they are called, so that naming them costs nothing. */
export const trainModel: typeof import('./pipeline/job/train.ts').trainModel = async (step) => (await import('./pipeline/job/train.ts')).trainModel(step);
export const evaluateModel: typeof import('./pipeline/job/evaluate.ts').evaluateModel = async (step) => (await import('./pipeline/job/evaluate.ts')).evaluateModel(step);
export const scoreFresh: typeof import('./pipeline/job/score.ts').scoreFresh = async (step) => (await import('./pipeline/job/score.ts')).scoreFresh(step);
export const testBatch: typeof import('./pipeline/job/test-batch.ts').testBatch = async (step) => (await import('./pipeline/job/test-batch.ts')).testBatch(step);
export const publishNight: typeof import('./pipeline/job/publish.ts').publishNight = async (step) => (await import('./pipeline/job/publish.ts')).publishNight(step);

/** What a family of models is written with. */
export type { EncodedInput, FitInput, FitProgress, FittedModel, HeldOut, ModelFamily, TrainingSummary } from './model/family.ts';
export type { Contract, Feature, Task } from './dataset/contract.ts';
export { labelsOf } from './model/labels.ts';

/** What a sample loader is written with. */
export { openWarehouse } from './warehouse/open.ts';
export { renderSql } from './shared/template.ts';
export type { SqlType, Warehouse } from './warehouse/warehouse.ts';
export type { BatchSource, Column, ColumnBatch, Storage } from './dataset/batch.ts';

/** What the types of a project's columns are written with; see run.sh types. */
export type { Manifest } from './pipeline/typing/manifest.ts';
export type { Scalar } from './warehouse/warehouse.ts';
