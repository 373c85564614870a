import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { lineDifference } from '../pipeline/first-difference.ts';
import { loadProject } from '../pipeline/prepare.ts';
import { typedRelations } from '../pipeline/typing/relations.ts';
import { typesFile } from '../pipeline/typing/typescript.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { writeFileWhole } from '../shared/files.ts';
import { Console, count } from './console.ts';
import { type CommonOptions, configChoices, withCommon } from './options.ts';

const FILE = 'steps/types.ts';

/** `types`, behind `npm run types`: TypeScript types of the columns that the plan's queries give. */
export function addTypes(program: Command): void {
  withCommon(program.command('types').description(`write ${FILE}: TypeScript types of the columns that the queries give`))
    .option('--check', 'write nothing; exit code 1 if the file is not as it would be written')
    .addHelpText('after', '\nExamples:\n  run.sh types\n  run.sh types --check')
    .action(async (options: CommonOptions & { readonly check?: boolean }) => {
      const console = new Console({ quiet: options.quiet === true || options.json === true });
      const choices = configChoices(options);
      const project = await loadProject(choices);
      const relations = await typedRelations(project, choices, { log: (entry) => console.entry(entry), progress: (text) => console.progress(text) });
      const text = typesFile(relations, project.config);
      const file = join(choices.project, FILE);
      // A checkout may have turned line ends.
      const held = existsSync(file) ? readFileSync(file, 'utf8').replaceAll('\r\n', '\n') : '';
      if (options.check === true && held !== text) throw stale(file, held, text);
      if (held !== text) writeFileWhole(file, text);
      const columns = relations.reduce((sum, relation) => sum + relation.columns.length, 0);
      if (options.json === true) process.stdout.write(`${JSON.stringify({ file, changed: held !== text, relations: relations.length, columns })}\n`);
      console.line(held === text ? `${FILE} is up to date` : `${FILE}: ${count(columns)} columns of ${count(relations.length)} relations`);
    });
}

function stale(file: string, held: string, text: string): NightshiftError {
  return new NightshiftError({
    code: 'types-stale',
    what: 'The types are not those of the columns that the queries give now',
    where: file,
    found: held === '' ? 'no such file' : lineDifference(held.split('\n'), text.split('\n')),
    expected: 'what run.sh types writes',
    fix: 'npm run types (run.sh types), mend what npm run check then finds, and commit both',
    exitCode: ExitCode.failed,
  });
}
