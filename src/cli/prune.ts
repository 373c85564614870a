import type { Command } from 'commander';
import { type Prunable, prunable, prune } from '../pipeline/prune.ts';
import { withRecord, withRecordAlone } from '../pipeline/record.ts';
import { textTable } from '../report/text-table.ts';
import { Console } from './console.ts';
import { type CommonOptions, configChoices, withCommon } from './options.ts';

interface PruneOptions extends CommonOptions {
  readonly yes?: boolean;
}

/** `prune`: frees what `retention:` no longer keeps. */
export function addPrune(program: Command): void {
  withCommon(program.command('prune').description('print what retention: would free; free it with --yes'))
    .option('--yes', 'free it')
    .addHelpText('after', '\nScores, the record of runs and the models of champions are never freed. Ages count from the last night, not from today.\n\nExamples:\n  run.sh prune\n  run.sh prune --yes')
    .action(free);
}

async function free(options: PruneOptions): Promise<void> {
  const console = new Console({ quiet: options.quiet === true || options.json === true });
  const found = await withRecord(configChoices(options), prunable);
  const bytes = found.reduce((sum, one) => sum + one.bytes, 0);
  if (options.json === true) process.stdout.write(`${JSON.stringify({ freed: options.yes === true, bytes, items: found })}\n`);
  else if (found.length > 0) for (const line of textTable(rowsOf(found), '', 2)) process.stdout.write(`${line}\n`);
  if (options.yes === true) await withRecordAlone(configChoices(options), (record) => prune(record, found));
  console.line(found.length === 0 ? 'Nothing is older than retention: keeps it.' : options.yes === true ? console.green(`Freed ${size(bytes)}`) : `Would free ${size(bytes)}; run.sh prune --yes does.`);
}

function rowsOf(found: readonly Prunable[]): readonly (readonly string[])[] {
  return [['what', 'why', 'size'], ...found.map(({ path, bytes, why }) => [path, why, size(bytes)])];
}

function size(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
