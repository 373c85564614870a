import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { ExitCode, NightshiftError, codeOf, messageOf } from '../shared/errors.ts';
import { addBench } from './bench.ts';
import { addDocs } from './docs.ts';
import { addPlan } from './plan.ts';
import { addProfile } from './profile.ts';
import { addRun, addStep } from './run.ts';
import { addSample } from './sample.ts';

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
  addSample(program);
  addProfile(program);
  addDocs(program);
  addBench(program);
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
  if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? ExitCode.done : ExitCode.usage;
  process.stderr.write(`${messageOf(thrown)}\n`);
  if (process.argv.includes('--debug') && typeof thrown === 'object' && thrown !== null && 'stack' in thrown) process.stderr.write(`${String(thrown.stack)}\n`);
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ status: 'failed', exit_code: thrown instanceof NightshiftError ? thrown.exitCode : ExitCode.failed, error: { message: messageOf(thrown) } })}\n`);
  return thrown instanceof NightshiftError ? thrown.exitCode : ExitCode.failed;
}
