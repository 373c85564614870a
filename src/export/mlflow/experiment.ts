import { NightshiftError } from '../../shared/errors.ts';
import { createdExperimentAnswer, experimentAnswer } from './answers.ts';
import type { Server } from './server.ts';

/** Tells MLflow 3 that this is no experiment with language models. */
const KIND = { key: 'mlflow.experimentKind', value: 'custom_model_development' };

/** The id of the experiment of a name, made where there is none. Throws `mlflow-experiment-deleted`. */
export function experimentOf(server: Server, name: string): Promise<string> {
  return server.patiently(async () => {
    const id = await find(server, name);
    if (id !== undefined) return id;
    const made = await server.make('experiments/create', { name, tags: [KIND] }, createdExperimentAnswer);
    // Another exporter may have been quicker.
    return made?.experiment_id ?? (await find(server, name)) ?? '';
  });
}

async function find(server: Server, name: string): Promise<string | undefined> {
  const found = await server.find('experiments/get-by-name', { experiment_name: name }, { answer: experimentAnswer, absent: ['RESOURCE_DOES_NOT_EXIST'] });
  if (found === undefined || found.experiment.lifecycle_stage === 'active') return found?.experiment.experiment_id;
  throw new NightshiftError({
    code: 'mlflow-experiment-deleted',
    what: 'The experiment was deleted on the tracking server',
    where: server.address.base,
    found: `${name} (id ${found.experiment.experiment_id}), ${found.experiment.lifecycle_stage}`,
    expected: 'an active experiment, or none',
    fix: `restore it (mlflow experiments restore --experiment-id ${found.experiment.experiment_id}), delete it for good (mlflow gc), or name another with --experiment`,
  });
}
