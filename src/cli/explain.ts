import type { Command } from 'commander';
import { withRecord } from '../pipeline/record.ts';
import { Console } from './console.ts';
import { type CommonOptions, calendarDay, configChoices, withCommon } from './options.ts';

interface ExplainOptions extends CommonOptions {
  readonly run?: string;
}

/** `explain KEY`: why a row was scored as it was. */
export function addExplain(program: Command): void {
  withCommon(program.command('explain <key>').description('tell why a row was scored as it was, from what its night kept, and what has changed in the source since'))
    .option('--as-of <date>', 'the night of this as-of date; the latest published unless said', calendarDay)
    .option('--run <run>', 'the night of this run, published or not')
    .addHelpText('after', '\nA key of several columns is their values in order, comma-separated, or column=value,column=value; the last may be left out.\nA run is an id or its beginning, champion, latest, latest~2, or an as-of date.\n\nExamples:\n  run.sh explain 373121\n  run.sh explain 373121 --as-of 2001-06-28 --json\n  run.sh explain customer_id=17,snapshot_date=2024-03-01')
    .action(explainKey);
}

async function explainKey(key: string, options: ExplainOptions): Promise<void> {
  const console = new Console({ quiet: options.quiet === true || options.json === true });
  const choices = configChoices(options);
  const explanation = await withRecord(choices, async (record) => {
    const [{ explain }, { loadProject }] = await Promise.all([import('../pipeline/explanation/explain.ts'), import('../pipeline/prepare.ts')]);
    return explain(record, { key, asOf: options.asOf, run: options.run, project: () => loadProject(choices), progress: (text) => console.progress(text) });
  });
  const [{ explanationSections }, { sectionsText }, { snakeJson }] = await Promise.all([import('../report/explanation-tables.ts'), import('../report/comparison-section.ts'), import('../report/comparison-json.ts')]);
  process.stdout.write(options.json === true ? `${JSON.stringify(snakeJson(explanation))}\n` : sectionsText(explanationSections(explanation)));
}
