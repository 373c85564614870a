import { join } from 'node:path';
import type { Config } from '../../shared/config/schema.ts';
import { readJsonFile } from '../../shared/files.ts';
import { CONFIG_FILE } from '../job/model-files.ts';
import type { Project } from '../prepare.ts';

/** The configuration that a model was trained with; where sources lie is the project's affair, and what is sensitive now is hidden, too. */
export function modelConfig(folder: string, { config, places }: Project): Config {
  const own = readJsonFile(join(folder, CONFIG_FILE)) as Config;
  return { ...own, profiles: {}, sensitive: [...new Set([...own.sensitive, ...config.sensitive])], state: places.state, retention: config.retention, sources: config.sources, score: config.score, warehouse: config.warehouse };
}
