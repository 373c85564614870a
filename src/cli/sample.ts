import type { Command } from 'commander';
import type { LogEntry } from '../pipeline/context.ts';
import { takeLock } from '../pipeline/lock.ts';
import { placesOf } from '../pipeline/places.ts';
import { makeSample } from '../pipeline/sample.ts';
import { loadConfig } from '../shared/config/load.ts';
import { Console } from './console.ts';
import { type CommonOptions, configChoices, withCommon } from './options.ts';

/** `sample`: makes the project's sample data anew. */
export function addSample(program: Command): void {
  withCommon(program.command('sample').description('make the sample data anew'))
    .option('--full', 'everything there is, instead of a part that runs quickly')
    .addHelpText('after', '\nExamples:\n  run.sh sample\n  run.sh sample --full --warehouse duckdb')
    .action(async (options: CommonOptions & { readonly full?: boolean }) => {
      const console = new Console({ quiet: options.quiet === true || options.json === true });
      const choices = configChoices(options);
      const config = loadConfig(choices.project, choices);
      const places = placesOf(choices.project, config);
      const lock = await takeLock(places.data, 'run', 0);
      try {
        const rows: Record<string, number> = {};
        const log = (entry: LogEntry): void => {
          if (entry.event.startsWith('sample ') && entry.rows !== undefined) rows[entry.event.slice('sample '.length)] = entry.rows;
          console.entry(entry);
        };
        const file = await makeSample({ config, places, full: options.full === true, talk: { log, progress: (text) => console.progress(text) } });
        console.line(console.green(`Done: ${file}`));
        if (options.json === true) process.stdout.write(`${JSON.stringify({ file, rows })}\n`);
      } finally {
        lock.release();
      }
    });
}
