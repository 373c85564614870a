import * as z from 'zod';

/** What is read of the answers of MLflow's REST API; numbers of 64 bits come as numbers or as text, lists that are empty not at all. */

const pair = z.object({ key: z.string(), value: z.string().default('') });
const whole = z.coerce.number();

export const metricAnswer = z.object({ key: z.string(), value: z.coerce.number(), timestamp: whole.default(0), step: whole.default(0) });
export type LoggedMetric = z.output<typeof metricAnswer>;

const run = z.object({
  info: z.object({ run_id: z.string(), experiment_id: z.string(), status: z.string(), start_time: whole.default(0), artifact_uri: z.string().default('') }),
  /** Of each metric the point of the highest step. */
  data: z.object({ metrics: z.array(metricAnswer).default([]), params: z.array(pair).default([]), tags: z.array(pair).default([]) }).default({ metrics: [], params: [], tags: [] }),
});
export type LoggedRun = z.output<typeof run>;

export const runAnswer = z.object({ run });
// An answer without runs is an empty object; anything but an object is none of MLflow's.
export const runsAnswer = z.object({ runs: z.array(run).default([]) });
export const historyAnswer = z.object({ metrics: z.array(metricAnswer).default([]), next_page_token: z.string().optional() });

export const experimentAnswer = z.object({ experiment: z.object({ experiment_id: z.string(), lifecycle_stage: z.string() }) });
export const createdExperimentAnswer = z.object({ experiment_id: z.string() });

const version = z.object({ name: z.string(), version: z.coerce.string(), run_id: z.string().default('') });
export const versionAnswer = z.object({ model_version: version });
export const versionsAnswer = z.object({ model_versions: z.array(version).default([]) });
export const modelAnswer = z.object({ registered_model: z.object({ name: z.string() }) });

/** Of requests that only say that all is well. */
export const nothing = z.object({});
