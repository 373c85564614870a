import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { ExitCode, NightshiftError, codeOf } from '../errors.ts';
import { explainIssues } from './explain.ts';
import { type ConfigChoices, type Tree, isTree, overlay, valueAt } from './overlay.ts';
import { type ConfigText, quoteOffset, quotePath } from './quote.ts';
import { type Config, configSchema } from './schema.ts';

export type { ConfigChoices };

/**
 * Reads `pipeline.yaml`, lays the profile and the overrides over it and checks the whole.
 * Throws `config-missing` or `config-invalid` (exit code 2), which quotes the line.
 */
export function loadConfig(project: string, choices: ConfigChoices = {}): Config {
  const file = join(project, 'pipeline.yaml');
  return parseConfig(readConfigFile(file), file, choices);
}

/** The same from text; `file` is what errors call it. */
export function parseConfig(text: string, file: string, choices: ConfigChoices = {}): Config {
  const { tree, config } = readText(text, file, choices);
  const parsed = configSchema.safeParse(tree);
  if (parsed.success) return parsed.data;
  throw explainIssues(parsed.error.issues, { ...config, tree, schema: configSchema });
}

/** Where the configuration names a key, or one of its values: the line of `pipeline.yaml` as errors quote it, or the `--set` that said it. */
export function quoteConfig(project: string, choices: ConfigChoices, { key, value }: { key: string; value?: string }): string {
  const file = join(project, 'pipeline.yaml');
  const { tree, config } = readText(readConfigFile(file), file, choices);
  const path = key.split('.');
  const held = valueAt(tree, path);
  const item = Array.isArray(held) ? held.indexOf(value) : -1;
  return quotePath(item < 0 ? path : [...path, item], config);
}

/** The file with profile and overrides, unchecked, and what is needed to quote it. */
function readText(text: string, file: string, choices: ConfigChoices): { tree: unknown; config: ConfigText } {
  const lines = new LineCounter();
  const document: Document = parseDocument(text, { lineCounter: lines });
  const broken = document.errors[0];
  if (broken !== undefined) throw notYaml(quoteOffset(broken.pos[0], { lines, text, file }), broken.message);
  const base: unknown = document.toJS();
  const tree = isTree(base) ? overlay(base, choices, file) : (base ?? ({} satisfies Tree));
  return { tree, config: { document, lines, text, file, choices } };
}

function readConfigFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if (codeOf(cause) !== 'ENOENT') throw cause;
    throw new NightshiftError({
      code: 'config-missing',
      what: 'There is no pipeline.yaml here',
      where: file,
      fix: 'run inside a project, or name one with --project DIR',
      exitCode: ExitCode.usage,
      cause,
    });
  }
}

function notYaml(where: string, message: string): NightshiftError {
  return new NightshiftError({ code: 'config-invalid', what: 'pipeline.yaml is not valid YAML', where, found: message.split('\n')[0], exitCode: ExitCode.usage });
}
