import type { Command } from 'commander';
import { metricNamed, primaryMetric } from '../evaluation/metrics.ts';
import { brokenText } from '../pipeline/outcomes/alarm.ts';
import { type FoundOutcomes, findOutcomes } from '../pipeline/outcomes/find-outcomes.ts';
import { ageAt } from '../pipeline/outcomes/groups.ts';
import { loadProject } from '../pipeline/prepare.ts';
import { withRecordAlone } from '../pipeline/record.ts';
import { snakeJson } from '../report/comparison-json.ts';
import { sectionsText } from '../report/comparison-section.ts';
import { outcomeSections } from '../report/outcomes-tables.ts';
import { Console, count } from './console.ts';
import { type CommonOptions, configChoices, wholeNumber, withAsOf, withCommon } from './options.ts';

interface OutcomesOptions extends CommonOptions {
  readonly last?: number;
}

/** `outcomes`: what published scores were worth, once their labels are known. */
export function addOutcomes(program: Command): void {
  withAsOf(withCommon(program.command('outcomes').description('hold published scores against the labels that have become known since, by night, model and age of the model')))
    .option('--last <count>', 'only the last so many published nights', wholeNumber)
    .addHelpText('after', '\nExamples:\n  run.sh outcomes\n  run.sh outcomes --as-of 2001-06-29 --last 14\n  run.sh outcomes --json')
    .action(outcomes);
}

async function outcomes(options: OutcomesOptions): Promise<void> {
  const console = new Console({ quiet: options.quiet === true || options.json === true });
  const choices = configChoices(options);
  const project = await loadProject(choices);
  const { config } = project;
  const found = await withRecordAlone(choices, (record) => findOutcomes(record, { project, asOf: options.asOf ?? config.as_of, last: options.last, keep: options.set.length === 0, talk: { log: (entry) => console.entry(entry), progress: (text) => console.progress(text) } }));
  const metric = metricNamed(config.task, config.metrics.primary ?? primaryMetric(config.task), 'metrics.primary');
  if (options.json === true) process.stdout.write(`${JSON.stringify(snakeJson(found))}\n`);
  else if (found.recent !== null) process.stdout.write(sectionsText(outcomeSections({ ...found, metric, ageAt })));
  tell(console, found);
}

/** What is not in the tables, and what a person should hear. */
function tell(console: Console, { knownAsOf, nights, waiting, gone, missing, recent }: FoundOutcomes): void {
  if (waiting.length > 0) console.line(`${nightsText(waiting.length, 'published night')} of which no label is known yet: ${waiting.slice(-5).join(', ')}${waiting.length > 5 ? ' and earlier ones' : ''}`);
  if (gone > 0) console.line(console.yellow(`! ${count(gone)} scored rows are no longer among the features`));
  if (missing > 0) console.line(console.yellow(`! ${count(missing)} scored rows should have a label by now, and have none`));
  console.line(console.green(`Outcomes of ${nightsText(nights.length, 'night')}, as known on ${knownAsOf}`));
  const broken = brokenText(recent);
  if (broken !== null) console.always(console.yellow(`! ${broken}`));
}

function nightsText(nights: number, noun: string): string {
  return `${count(nights)} ${noun}${nights === 1 ? '' : 's'}`;
}
