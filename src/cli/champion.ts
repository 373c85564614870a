import { type Command, InvalidArgumentError } from 'commander';
import { runNight } from '../pipeline/night.ts';
import { pin, promote, rollback, unpin } from '../pipeline/promotion.ts';
import { type Record, withRecord, withRecordAlone } from '../pipeline/record.ts';
import { type Reign, reigns } from '../pipeline/reign.ts';
import type { Champion } from '../registry/champions.ts';
import { textTable } from '../report/text-table.ts';
import { dayOf } from '../shared/days.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { Console } from './console.ts';
import { type CommonOptions, configChoices, withCommon } from './options.ts';
import { nightListener } from './run.ts';

interface ChampionOptions extends CommonOptions {
  readonly why: string;
  readonly force?: boolean;
  readonly until: string;
  readonly last: number;
  readonly rescoreFrom?: string;
}

/** `champion`: whose model scores, who was it when, and changing that. */
export function addChampion(program: Command): void {
  const champion = program.command('champion').description('show, and change, whose model is champion');
  champion.addHelpText('after', '\nExamples:\n  run.sh champion\n  run.sh champion history\n  run.sh champion rollback --why "scores of 06-12 looked wrong" --rescore-from 2001-06-12\n  run.sh champion pin 2001-06-10 --until 2001-07-31 --why "audit"');
  withCommon(champion.command('show', { isDefault: true }).description('the champion of the next night')).action(show);
  withCommon(champion.command('history').description('who was champion from when to when, by what and why'))
    .option('--last <n>', 'so many, the latest first', checkedCount, 20)
    .action(history);
  order(champion.command('promote <run>').description('make a run’s model the champion')).option('--force', 'also a run whose gates or tests did not hold').action(async (run: string, options: ChampionOptions) => void (await change(options, (record) => promote(record, { run, why: options.why, force: options.force }))));
  order(champion.command('rollback').description('bring back the champion that the present one displaced'))
    .option('--rescore-from <date>', 'also score the published nights from this date on again', checkedDay)
    .action(back);
  order(champion.command('pin <run>').description('make a run’s model the champion, which no night replaces'))
    .requiredOption('--until <date>', 'the last night of the pin', checkedDay)
    .option('--force', 'also a run whose gates or tests did not hold')
    .action(async (run: string, options: ChampionOptions) => void (await change(options, (record) => pin(record, { run, why: options.why, until: options.until, force: options.force }))));
  order(champion.command('unpin').description('let nights replace the champion again')).action(async (options: ChampionOptions) => void (await change(options, (record) => unpin(record, options.why))));
}

function order(command: Command): Command {
  return withCommon(command).requiredOption('--why <text>', 'the reason, for the record');
}

async function show(options: CommonOptions): Promise<void> {
  await withRecord(configChoices(options), (record) => {
    const [reign] = reigns(record, 1);
    const champion = record.registry.champions.latest();
    if (options.json === true) process.stdout.write(`${JSON.stringify(champion === null || reign === undefined ? null : reignJson(reign))}\n`);
    else process.stdout.write(champion === null || reign === undefined ? 'There is no champion yet: no night has been published.\n' : `${sentence(reign)}\n`);
  });
}

function sentence({ modelRun, after, action, byWhom, why, pinnedUntil, evidence }: Reign): string {
  const quality = evidence.candidate === null ? '' : `\n  ${evidence.metric} ${evidence.candidate.toFixed(4)} on its test batch${evidence.champion === null ? '' : `, where the champion before had ${evidence.champion.toFixed(4)}`}`;
  return `${modelRun}: champion of the nights after ${after}, ${action} by ${byWhom} (${why})${pinnedUntil === null ? '' : `, pinned until ${pinnedUntil}`}${quality}`;
}

async function history(options: ChampionOptions): Promise<void> {
  await withRecord(configChoices(options), (record) => {
    const found = reigns(record, options.last);
    if (options.json === true) {
      process.stdout.write(`${JSON.stringify(found.map(reignJson))}\n`);
      return;
    }
    const rows = found.map(({ modelRun, after, until, action, byWhom, why, evidence }) => [modelRun, after, until ?? 'now', action, byWhom, number(evidence.candidate), number(evidence.champion), why]);
    const metric = found[0]?.evidence.metric ?? '';
    for (const line of textTable([['champion', 'after', 'until', 'came by', 'of', metric, 'before it', 'why'], ...rows], '')) process.stdout.write(`${line}\n`);
  });
}

function reignJson({ modelRun, after, until, action, byWhom, why, recordedAt, pinnedUntil, evidence }: Reign): object {
  return { model_run: modelRun, after, until, action, by: byWhom, why, recorded_at: recordedAt, pinned_until: pinnedUntil, evidence };
}

function number(value: number | null): string {
  return value === null ? '–' : value.toFixed(4);
}

async function change(options: CommonOptions, act: (record: Record) => Champion): Promise<Champion> {
  const champion = await withRecordAlone(configChoices(options), act);
  if (options.json === true) process.stdout.write(`${JSON.stringify({ model_run: champion.modelRun, after: champion.since, pinned_until: champion.pinnedUntil })}\n`);
  else new Console({ quiet: options.quiet === true }).line(`Champion of the nights after ${champion.since}: ${champion.modelRun}${champion.pinnedUntil === null ? '' : `, pinned until ${champion.pinnedUntil}`}`);
  return champion;
}

async function back(options: ChampionOptions): Promise<void> {
  const { modelRun } = await change(options, (record) => rollback(record, options.why));
  if (options.rescoreFrom === undefined) return;
  const from = options.rescoreFrom;
  const nights = await withRecord(configChoices(options), ({ registry, config }) => registry.runs.publishedNights(config.warehouse, from));
  const console = new Console({ quiet: options.quiet === true || options.json === true });
  for (const asOf of nights) {
    const report = await runNight({ ...configChoices(options), asOf, mode: 'night', scoreOnly: modelRun }, nightListener(console));
    if (report.exitCode !== ExitCode.done) throw report.error ?? new NightshiftError({ code: 'not-rescored', what: `The night of ${asOf} was not scored again`, found: report.status });
    console.line(`${report.status === 'unchanged' ? 'Unchanged' : 'Scored again'}: ${report.scores?.rows ?? 0} scores of ${asOf}`);
  }
}

function checkedCount(value: string): number {
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('Expected a whole number from 1 on.');
  return count;
}

function checkedDay(value: string): string {
  try {
    dayOf(value);
  } catch {
    throw new InvalidArgumentError('Expected a day such as 2001-06-10.');
  }
  return value;
}
