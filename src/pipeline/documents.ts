import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { metricInfo } from '../evaluation/metrics.ts';
import { familyNames, familyOf } from '../model/families.ts';
import { type JsonSchema, configReference } from '../report/config-reference.ts';
import { flowPage } from '../report/flow/flow-page.ts';
import { flowSvg } from '../report/flow/flow-svg.ts';
import type { JobFlow } from '../report/flow/job-flow.ts';
import { markdownTable } from '../report/markdown-table.ts';
import { fillRegions } from '../report/regions.ts';
import { configJsonSchema } from '../shared/config/schema.ts';
import { findBatchTests } from './job/batch-tests.ts';
import type { Plan } from './plan.ts';
import { type Choices, type Project, loadProject } from './prepare.ts';

/** A file of the documentation as the project says it must be. */
export interface Document {
  /** Below the project: `docs/flow.md`. */
  readonly file: string;
  readonly text: string;
}

const REFERENCE = 'docs/configuration.md';
const TASKS = ['binary', 'multiclass', 'regression'] as const;

/** Draws the documents of a project from its configuration, its steps and their SQL; opens no database and writes nothing. */
export async function documentsOf(choices: Choices): Promise<readonly Document[]> {
  const flow = jobFlow(await loadProject(choices));
  const documents = [
    { file: 'docs/flow.md', text: flowPage(flow) },
    { file: 'docs/flow.svg', text: await flowSvg(flow) },
    { file: 'docs/pipeline.schema.json', text: `${JSON.stringify(configJsonSchema(), null, 1)}\n` },
  ];
  // Written by hand but for its tables, so only where there is one: a project of one's own need not repeat it.
  const reference = join(choices.project, REFERENCE);
  if (!existsSync(reference)) return documents;
  return [...documents, { file: REFERENCE, text: fillRegions(readFileSync(reference, 'utf8').replaceAll('\r\n', '\n'), await referenceTables(), REFERENCE) }];
}

function jobFlow({ config, plan, places }: Project): JobFlow {
  const relations = new Set([...plan.sources, ...plan.steps.flatMap(({ writes }) => writes)]);
  const steps = plan.steps.map(({ name, about, reads, writes, scripts }) => ({
    name,
    about,
    reads,
    writes,
    scripts: scripts.map((script) => ({ name: script.name, file: script.file, about: script.about, reads: script.uses.filter((one) => relations.has(one)) })),
    tests: testsOf(plan, name, places.project),
  }));
  return { name: config.name, about: config.about ?? '', sources: plan.sources, steps };
}

function testsOf({ steps }: Plan, name: string, project: string): JobFlow['steps'][number]['tests'] {
  const isTester = steps.find((step) => step.name === name)?.scripts.length === 0;
  return isTester ? findBatchTests(join(project, 'steps', name), `steps/${name}`).map(({ file, about, severity }) => ({ file, about, severity })) : [];
}

async function referenceTables(): Promise<ReadonlyMap<string, string>> {
  return new Map([['keys', configReference(configJsonSchema() as JsonSchema)], ['options', await optionTable()], ['metrics', metricTable()]]);
}

/** The defaults of each family's options. */
async function optionTable(): Promise<string> {
  const defaults = await Promise.all(familyNames.map(async (name) => (await familyOf(name)).parseOptions({})));
  const options = [...new Set(defaults.flatMap((one) => Object.keys(one)))];
  return markdownTable(['option', ...familyNames], options.map((name) => [`\`${name}\``, ...defaults.map((one) => (one[name] === undefined ? '' : `\`${textOf(one[name])}\``))]));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function metricTable(): string {
  const rows = TASKS.flatMap((task) => metricInfo(task).map(({ name, title, direction }) => [task, `\`${name}\``, title, direction === 'none' ? '' : direction]));
  return markdownTable(['task', 'metric', 'what it is', 'better'], rows);
}
