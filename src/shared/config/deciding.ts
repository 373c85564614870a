import type { Config } from './schema.ts';

/** What of a configuration decides a run's outcome: not where its state lies, nor overlays that were not chosen. */
export function decidingConfig({ profiles: _profiles, state: _state, ...deciding }: Config): Omit<Config, 'profiles' | 'state'> {
  return deciding;
}
