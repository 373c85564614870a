import { readFileSync, readdirSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import type { Choices } from '../choices.ts';
import { featuresSql, rowsSql } from './extract-sql.ts';
import { pipelineYaml } from './pipeline-yaml.ts';
import { type Checkout, runBat, runSh } from './shims.ts';
import { splitScripts } from './split-sql.ts';
import { SHARED_TESTS, testScripts } from './test-scripts.ts';

/** Where things are. All paths are absolute. */
export interface ProjectPlaces {
  readonly project: string;
  /** The folder of this checkout. */
  readonly root: string;
}

/** Every file of a project, by its path in it. */
export function projectFiles(choices: Choices, { project, root }: ProjectPlaces): ReadonlyMap<string, string> {
  const split = splitScripts(choices);
  const checkout: Checkout = { root, fromProject: slashed(relative(project, root)) };
  const ownSteps = readdirSync(join(root, 'steps')).filter((file) => /^\d{2}-[a-z-]+\.ts$/.test(file));
  return new Map([
    ['pipeline.yaml', pipelineYaml(choices, { path: pathFrom(project, choices.place.path), schema: join(root, 'docs/pipeline.schema.json') })],
    ['steps/01-extract/rows.sql', rowsSql(choices)],
    ['steps/01-extract/features.sql', featuresSql(choices)],
    ...Object.entries(split).map(([name, text]): [string, string] => [`steps/02-split/${name}.sql`, text]),
    ...Object.entries(testScripts(choices)).map(([name, text]): [string, string] => [`steps/06-test/${name}`, text]),
    ...SHARED_TESTS.map((name): [string, string] => [`steps/06-test/${name}`, readFileSync(join(root, 'steps/06-test', name), 'utf8')]),
    ...ownSteps.map((name): [string, string] => [`steps/${name}`, readFileSync(join(root, 'steps', name), 'utf8')]),
    ['run.sh', runSh(checkout)],
    ['run.bat', runBat(checkout)],
    ['.gitignore', '/data/\n/models/\n/logs/\n'],
  ]);
}

/** Relative where the data lie within the project, absolute otherwise. */
function pathFrom(project: string, path: string): string {
  const inside = relative(project, path);
  return inside.startsWith('..') || isAbsolute(inside) ? path : slashed(inside);
}

function slashed(path: string): string {
  return path.split(sep).join('/');
}
