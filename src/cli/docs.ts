import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Document } from '../pipeline/documents.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { writeFileWhole } from '../shared/files.ts';
import { configChoices } from './options.ts';

interface DocsOptions {
  readonly project?: string;
  readonly check?: boolean;
}

/** `docs`, behind `npm run docs`: draws what the documentation shows of the steps and of `pipeline.yaml`. */
export function addDocs(program: Command): void {
  program
    .command('docs', { hidden: true })
    .description('draw flow charts and the configuration reference into docs/')
    .option('--project <dir>', 'the project, where it is not the folder of run.sh')
    .option('--check', 'write nothing; exit code 1 if a file is not as it would be drawn')
    .action(async (options: DocsOptions) => {
      const { documentsOf } = await import('../pipeline/documents.ts');
      const choices = configChoices({ set: [] });
      const stale = (await documentsOf(choices)).filter(({ file, text }) => !isOnDisk(choices.project, { file, text }));
      if (options.check === true && stale.length > 0) throw staleError(stale);
      for (const { file, text } of stale) {
        writeFileWhole(join(choices.project, file), text);
        process.stderr.write(`${file} drawn\n`);
      }
      if (stale.length === 0) process.stderr.write('The drawn documents are up to date\n');
    });
}

/** A checkout may have turned line ends. */
function isOnDisk(project: string, { file, text }: Document): boolean {
  const path = join(project, file);
  return existsSync(path) && readFileSync(path, 'utf8').replaceAll('\r\n', '\n') === text;
}

function staleError(stale: readonly Document[]): NightshiftError {
  return new NightshiftError({ code: 'docs-stale', what: 'Drawn documents are stale', found: stale.map(({ file }) => file).join(', '), expected: 'as the steps and pipeline.yaml would be drawn now', fix: 'npm run docs, and commit what it draws', exitCode: ExitCode.failed });
}
