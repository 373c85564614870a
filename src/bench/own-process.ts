import { fork } from 'node:child_process';
import { dirname, join } from 'node:path';
import { programFile } from '../shared/bundle.ts';
import { NightshiftError } from '../shared/errors.ts';
import { writeFileWhole } from '../shared/files.ts';
import type { Figures, FitMessage, FitRequest } from './fit-request.ts';
import { endOf } from './program.ts';

/** Trains in a process of its own: the program itself, as `bench fit`. Throws what it threw, or `bench-died`. */
export async function fitInOwnProcess(request: FitRequest, progress: (text: string) => void): Promise<Figures> {
  // By file: the names of thousands of columns are more than a command line takes.
  const file = join(dirname(request.train), 'request.json');
  writeFileWhole(file, JSON.stringify(request));
  const child = fork(programFile('main.mjs'), ['bench', 'fit', file], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  child.stdout?.pipe(process.stderr, { end: false });
  let last: Exclude<FitMessage, { type: 'progress' }> | undefined;
  child.on('message', (message: FitMessage) => {
    if (message.type === 'progress') progress(message.text);
    else last = message;
  });
  const { code, signal } = await endOf(child);
  if (last?.type === 'done') return last.figures;
  if (last?.type === 'failed') throw revive(last);
  throw new NightshiftError({ code: 'bench-died', what: `The process that trained ${request.family} ended without a result`, found: signal === null ? `exit code ${code}` : `killed by ${signal}`, fix: 'see whether the system ran out of memory' });
}

function revive({ error: details, stack }: Extract<FitMessage, { type: 'failed' }>): NightshiftError {
  const error = new NightshiftError(details);
  if (stack !== undefined) error.stack = stack;
  return error;
}
