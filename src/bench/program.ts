import { type ChildProcess, spawn } from 'node:child_process';
import { interrupted } from '../pipeline/interruption.ts';

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ProgramResult extends Ending {
  readonly out: string;
  readonly err: string;
}

/** Runs another program to its end. Rejects with the system's error where it does not start. */
export async function runProgram(command: string, args: readonly string[]): Promise<ProgramResult> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (piece: Buffer) => out.push(piece));
  child.stderr.on('data', (piece: Buffer) => err.push(piece));
  const ending = await endOf(child);
  return { ...ending, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() };
}

/** Waits for a process. A signal to stop ends it first, then this one by `interrupted`, so that folders are still removed. */
export async function endOf(child: ChildProcess): Promise<Ending> {
  let heard: 'SIGINT' | 'SIGTERM' | undefined;
  const pass = (signal: NodeJS.Signals): void => {
    heard = signal === 'SIGINT' ? signal : 'SIGTERM';
    child.kill(signal);
  };
  process.on('SIGINT', pass).on('SIGTERM', pass);
  const ending = await new Promise<Ending>((resolve, reject) => {
    child.once('error', reject).once('close', (code, signal) => resolve({ code, signal }));
  }).finally(() => process.off('SIGINT', pass).off('SIGTERM', pass));
  if (heard !== undefined) throw interrupted('The benchmark', heard);
  return ending;
}

/** What it said last, for an error, or else how it ended. */
export function lastWords({ code, signal, err }: ProgramResult): string {
  const said = err.trim().split('\n').slice(-6).join('\n');
  return said === '' ? (signal === null ? `exit code ${code}` : `killed by ${signal}`) : said;
}
