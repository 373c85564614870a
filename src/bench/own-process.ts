import { fork } from 'node:child_process';
import { join } from 'node:path';
import { NightshiftError } from '../shared/errors.ts';
import { interrupted } from '../pipeline/interruption.ts';
import type { Figures, FitMessage, FitRequest } from './fit-request.ts';

/** Trains in a process of its own: the program itself, as `bench fit`. Throws what it threw, or `bench-died`. */
export async function fitInOwnProcess(request: FitRequest, progress: (text: string) => void): Promise<Figures> {
  const child = fork(join(process.env['NIGHTSHIFT_BUNDLE'] ?? '', 'main.mjs'), ['bench', 'fit', JSON.stringify(request)], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  child.stdout?.pipe(process.stderr, { end: false });
  let last: Exclude<FitMessage, { type: 'progress' }> | undefined;
  child.on('message', (message: FitMessage) => {
    if (message.type === 'progress') progress(message.text);
    else last = message;
  });
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on('SIGINT', pass).on('SIGTERM', pass);
  const ending = await new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.once('error', reject).once('close', (code, signal) => resolve({ code, signal }));
  }).finally(() => process.off('SIGINT', pass).off('SIGTERM', pass));
  if (last?.type === 'done') return last.figures;
  if (last?.type === 'failed') throw revive(last);
  if (ending.signal === 'SIGINT' || ending.signal === 'SIGTERM') throw interrupted('The benchmark', ending.signal);
  throw new NightshiftError({ code: 'bench-died', what: `The process that trained ${request.family} ended without a result`, found: ending.signal === null ? `exit code ${ending.code}` : `killed by ${ending.signal}`, fix: 'see whether the system ran out of memory' });
}

function revive({ error: details, stack }: Extract<FitMessage, { type: 'failed' }>): NightshiftError {
  const error = new NightshiftError(details);
  if (stack !== undefined) error.stack = stack;
  return error;
}
