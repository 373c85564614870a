import type { GateRecord, RunDetail } from '../../registry/records.ts';
import type { Entry } from './batches.ts';
import { canonicalJson, sha256 } from '../../shared/hash.ts';
import { type Keyed, LONGEST_TAG, keyed, value } from './keys.ts';

/** The tag by which a run is found again. */
export const RUN_TAG = 'nightshift.run_id';
/** The tag that says that a run is there whole: a hash of what was exported. */
export const EXPORTED_TAG = 'nightshift.exported';

/** What is known of a run besides parameters and numbers, as tags; those that begin with `mlflow.` are shown by MLflow in places of their own. */
export function runTags(run: RunDetail): readonly Entry[] {
  const { environment, inputs } = run;
  const told: readonly (readonly [key: string, value: unknown])[] = [
    ['run_id', run.runId],
    ['as_of', run.asOf],
    ['status', run.status],
    ['mode', run.mode],
    ['attempt', run.attempt],
    ['warehouse', run.warehouse],
    ['backend', inputs['backend']],
    ['verdict', verdictOf(run.gates)],
    ['published', run.published],
    ['judged_against', run.champion],
    ['exit_code', run.exitCode],
    ['message', run.message],
    ['unfinished_step', run.unfinishedStep],
    ['git_commit', environment?.commit],
    ['git_dirty', environment?.dirty],
    ['platform', environment?.platform],
    ['code', inputs['code']],
    ['packages', inputs['packages']],
    ['node', inputs['node']],
    ['version', environment?.versions['nightshift']],
    // One for all: the files are in the record that goes along.
    ['sql', inputs['sql'] === undefined ? null : sha256(canonicalJson(inputs['sql']))],
  ];
  const own = told.map(([key, one]) => ({ parts: ['nightshift', key], value: one }));
  const listed = [...under('data', inputs['data']), ...run.batches.map(({ batch, sha256 }) => ({ parts: ['nightshift', 'batch', batch], value: sha256 }))];
  return [...entries([...own, ...listed]), ...shownByMlflow(run)];
}

/** `pass`, `fail` or `unclear`, as the strictest gate has it; null where none judged. */
export function verdictOf(gates: readonly GateRecord[]): string | null {
  const outcomes = new Set(gates.map(({ outcome }) => outcome));
  return ['fail', 'unclear', 'pass'].find((outcome) => outcomes.has(outcome)) ?? null;
}

function under(name: string, texts: unknown): readonly Keyed<unknown>[] {
  return typeof texts !== 'object' || texts === null ? [] : Object.entries(texts).map(([key, one]) => ({ parts: ['nightshift', name, key], value: one }));
}

function entries(told: readonly Keyed<unknown>[]): readonly Entry[] {
  const known = told.filter((one): one is Keyed<string | number | boolean> => ['string', 'number', 'boolean'].includes(typeof one.value));
  return keyed(known, '.').map(([key, one]) => ({ key, value: value(String(one), LONGEST_TAG) }));
}

function shownByMlflow({ runId, environment, gates, message }: RunDetail): readonly Entry[] {
  const note = [...(message === null ? [] : [message, '']), ...gates.map(({ outcome, reason }) => `- ${outcome}: ${reason}`)].join('\n');
  return [
    { key: 'mlflow.runName', value: runId },
    { key: 'mlflow.source.name', value: 'nightshift' },
    { key: 'mlflow.source.type', value: 'JOB' },
    ...(environment?.commit == null ? [] : [{ key: 'mlflow.source.git.commit', value: environment.commit }]),
    ...(note === '' ? [] : [{ key: 'mlflow.note.content', value: value(note, LONGEST_TAG) }]),
  ];
}
