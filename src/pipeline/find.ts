import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { bytewise } from '../dataset/bytewise.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { sha256 } from '../shared/hash.ts';
import { namesUsed } from '../shared/template.ts';

/** One SQL file: one SELECT that makes the relation it is named after. */
export interface Script {
  /** The relation. */
  readonly name: string;
  /** As errors and logs call it: `steps/01-extract/rows.sql`. */
  readonly file: string;
  readonly text: string;
  /** Names that it uses, in the order of first use. */
  readonly uses: readonly string[];
  /** Its first comment line. */
  readonly about: string;
}

/** A step as it lies in the folder. */
export interface StepFiles {
  /** `01-extract`. */
  readonly name: string;
  readonly scripts: readonly Script[];
}

const STEP = /^\d{2,3}-[a-z][a-z0-9-]*$/;

/** The steps of a project, in order. Throws `step-missing` where a folder has no script of its name or there are none. */
export function findSteps(project: string, dialect: string): readonly StepFiles[] {
  const folder = join(project, 'steps');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const modules = names.filter((name) => name.endsWith('.ts')).map((name) => name.slice(0, -3)).filter((name) => STEP.test(name));
  const lost = names.find((name) => STEP.test(name) && !modules.includes(name));
  if (lost !== undefined) throw stepMissing(`steps/${lost}/ has no script of its name`, join(folder, `${lost}.ts`));
  if (modules.length === 0) throw stepMissing('This project has no steps', folder);
  return modules.sort(bytewise).map((name) => ({ name, scripts: name.endsWith('-test') ? [] : findScripts(join(folder, name), `steps/${name}`, dialect) }));
}

/** The scripts of a folder in an order in which each finds what it reads; `name.duckdb.sql` stands in for `name.sql` there. */
export function findScripts(folder: string, shown: string, dialect: string): readonly Script[] {
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.sql')).sort(bytewise) : [];
  const base = files.filter((file) => /^[A-Za-z_][A-Za-z0-9_]*\.sql$/.test(file));
  const odd = files.find((file) => !base.includes(file) && !base.includes(file.replace(/\.[a-z]+\.sql$/, '.sql')));
  if (odd !== undefined) {
    throw new NightshiftError({ code: 'script-name', what: 'A SQL file is not named after a relation', where: `${shown}/${odd}`, expected: 'relation.sql, or relation.duckdb.sql beside relation.sql', exitCode: ExitCode.usage });
  }
  const scripts = base.map((file) => {
    const override = file.replace(/\.sql$/, `.${dialect}.sql`);
    return readScript(folder, shown, files.includes(override) ? override : file);
  });
  return inOrder(scripts);
}

function readScript(folder: string, shown: string, file: string): Script {
  const text = readFileSync(join(folder, file), 'utf8').replace(/^\uFEFF/, '');
  const where = `${shown}/${file}`;
  return { name: file.slice(0, file.indexOf('.')), file: where, text, uses: namesUsed(text, where), about: aboutOf(text) };
}

/** The first sentence that a script says of itself. */
function aboutOf(text: string): string {
  const comments = /^(?:\s*--[^\n]*\n)+/.exec(text)?.[0] ?? '';
  return comments.split('\n').map((line) => line.replace(/^\s*--\s?/, '')).filter((line) => !/^[a-z]+:/.test(line)).join(' ').trim().split(/(?<=\.)\s/)[0] ?? '';
}

/** Depth first by name, so that the order depends on nothing but names and uses; a circle is an error. */
function inOrder(scripts: readonly Script[]): readonly Script[] {
  const byName = new Map(scripts.map((script) => [script.name, script]));
  const ordered = new Set<Script>();
  const visit = (script: Script, path: readonly Script[]): void => {
    if (path.includes(script)) throw circle([...path, script]);
    for (const used of script.uses) {
      const needed = byName.get(used);
      if (needed !== undefined && !ordered.has(needed)) visit(needed, [...path, script]);
    }
    ordered.add(script);
  };
  for (const script of scripts) if (!ordered.has(script)) visit(script, []);
  return [...ordered];
}

function circle(path: readonly Script[]): NightshiftError {
  return new NightshiftError({ code: 'script-circle', what: 'Scripts need each other in a circle', where: path[0]?.file, found: path.map((script) => script.name).join(' → '), exitCode: ExitCode.usage });
}

function stepMissing(what: string, where: string): NightshiftError {
  return new NightshiftError({ code: 'step-missing', what, where, expected: 'steps/NN-name.ts, with its SQL in steps/NN-name/', exitCode: ExitCode.usage });
}

/** Hashes of every script's text, by file. */
export function scriptHashes(steps: readonly StepFiles[]): Record<string, string> {
  return Object.fromEntries(steps.flatMap((step) => step.scripts.map((script) => [script.file, sha256(script.text)])));
}
