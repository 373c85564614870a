import type { Config } from './schema.ts';

/** What of a configuration decides a run's outcome: not where its state lies or how long it is kept, nor overlays that were not chosen, nor when somebody is warned or given its scores. */
export function decidingConfig({ profiles: _profiles, state: _state, retention: _retention, champion_max_age: _age, score: _score, deliver: _deliver, ...deciding }: Config): Omit<Config, 'profiles' | 'state' | 'retention' | 'champion_max_age' | 'score' | 'deliver'> {
  return deciding;
}
