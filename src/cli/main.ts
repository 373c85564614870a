import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { asError, failedReport } from '../pipeline/night-report.ts';
import { ExitCode, NightshiftError, codeOf } from '../shared/errors.ts';
import { addBench } from './bench.ts';
import { addChampion } from './champion.ts';
import { addCompare } from './compare.ts';
import { addDocs } from './docs.ts';
import { addExplain } from './explain.ts';
import { addExport } from './export.ts';
import { addInit } from './init.ts';
import { nightJson } from './night-json.ts';
import { addOutcomes } from './outcomes.ts';
import { addPlan } from './plan.ts';
import { addProfile } from './profile.ts';
import { addReport } from './report.ts';
import { addNoise } from './noise.ts';
import { addPrune } from './prune.ts';
import { addRun, addStep } from './run.ts';
import { addRuns } from './runs.ts';
import { addSample } from './sample.ts';
import { addScore } from './score.ts';
import { addTypes } from './types.ts';
import { addVerify } from './verify.ts';

/** The command line: the only place that prints errors and sets exit codes. */
async function main(args: readonly string[]): Promise<void> {
  const program = new Command('run.sh');
  program
    .description('Tables in a database to a trained, tested, gated model and a scored fresh batch, every night, with one command.')
    .version(version(), '--version', 'print the version')
    .helpOption('--help', 'print this help')
    .exitOverride()
    .showHelpAfterError('(run.sh --help lists commands and options)');
  addRun(program);
  addPlan(program);
  addStep(program);
  addRuns(program);
  addCompare(program);
  addInit(program);
  addSample(program);
  addChampion(program);
  addScore(program);
  addExplain(program);
  addOutcomes(program);
  addVerify(program);
  addNoise(program);
  addPrune(program);
  addProfile(program);
  addExport(program);
  addReport(program);
  addTypes(program);
  addDocs(program);
  addBench(program);
  program.command('bundle', { hidden: true }).description('print the folder that the program runs from').action(() => void process.stdout.write(`${process.env['NIGHTSHIFT_BUNDLE'] ?? ''}\n`));
  for (const command of program.commands) command.helpOption('--help', 'print this help').exitOverride().showHelpAfterError(`(run.sh ${command.name()} --help lists options)`);
  program.addHelpText('after', '\nWithout a command the night runs; run.sh run --help lists its options.\nExit codes: 0 done, 1 failed, 2 bad usage or configuration, 3 candidate refused and champion kept,\n4 the batch’s checks failed, 5 another run holds the lock, 6 a source is late, short or missing, 130/143 interrupted.');
  await program.parseAsync([...args], { from: 'user' });
}

function version(): string {
  const { version: found } = JSON.parse(readFileSync(join(process.env['NIGHTSHIFT_ROOT'] ?? '', 'package.json'), 'utf8')) as { version: string };
  return found;
}

// Who reads may go before we have said all, as `run.sh plan | head` does; the work goes on.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error) => {
    if (codeOf(error) !== 'EPIPE') throw error;
  });
}

try {
  await main(process.argv.slice(2));
} catch (thrown) {
  process.exitCode = exitCodeOf(thrown);
}

function exitCodeOf(thrown: unknown): number {
  if (thrown instanceof CommanderError && thrown.exitCode === 0) return ExitCode.done;
  const error = thrown instanceof CommanderError ? usageError(thrown) : asError(thrown);
  // What commander says of usage, it has said.
  if (!(thrown instanceof CommanderError)) process.stderr.write(`${error.message}\n`);
  if (process.argv.includes('--debug') && error.stack !== undefined) process.stderr.write(`${error.stack}\n`);
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(nightJson(failedReport(error)))}\n`);
  return error.exitCode;
}

function usageError(thrown: CommanderError): NightshiftError {
  return new NightshiftError({ code: 'usage', what: thrown.message.replace(/^error: /, ''), fix: 'run.sh --help lists commands and options', exitCode: ExitCode.usage });
}
