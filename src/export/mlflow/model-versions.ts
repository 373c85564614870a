import { modelAnswer, nothing, versionAnswer, versionsAnswer } from './answers.ts';
import type { Server } from './server.ts';

export const CHAMPION_ALIAS = 'champion';

/** A run there, as a version of a model. */
export interface VersionOf {
  /** The registered model. */
  readonly model: string;
  /** MLflow's id of the run. */
  readonly id: string;
}

/** The version of a model that a run is; undefined where it is none. */
export async function findVersion(server: Server, { model, id }: VersionOf): Promise<string | undefined> {
  const { model_versions: versions } = await server.get('model-versions/search', { filter: `name = '${model}' and run_id = '${id}'`, max_results: '100' }, versionsAnswer);
  // Of several, the first that was made.
  return versions.map(({ version }) => version).sort((a, b) => Number(a) - Number(b))[0];
}

/** Makes a run a version of the registered model, both where missing; gives back its number. */
export function makeVersion(server: Server, { model, id, source, tags }: VersionOf & { readonly source: string; readonly tags: readonly { key: string; value: string }[] }): Promise<string> {
  return server.patiently(async () => {
    await server.make('registered-models/create', { name: model }, modelAnswer);
    const found = await findVersion(server, { model, id });
    if (found !== undefined) return found;
    return (await server.post('model-versions/create', { name: model, source, run_id: id, tags }, versionAnswer)).model_version.version;
  });
}

/** Points the alias `champion` at the version that a run is. */
export function crown(server: Server, { model, version }: { readonly model: string; readonly version: string }): Promise<void> {
  return server.patiently(async () => void (await server.post('registered-models/alias', { name: model, alias: CHAMPION_ALIAS, version }, nothing)));
}

/** The version that has the alias, and MLflow's id of its run; undefined where none has. */
export function crowned(server: Server, model: string): Promise<{ readonly version: string; readonly run_id: string } | undefined> {
  return server.patiently(async () => {
    // A model without the alias is called an invalid parameter.
    const found = await server.find('registered-models/alias', { name: model, alias: CHAMPION_ALIAS }, { answer: versionAnswer, absent: ['RESOURCE_DOES_NOT_EXIST', 'INVALID_PARAMETER_VALUE'] });
    return found?.model_version;
  });
}
