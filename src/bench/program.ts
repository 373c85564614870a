import { spawn } from 'node:child_process';

export interface ProgramResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** Runs another program to its end. Rejects with the system's error where it does not start. */
export async function runProgram(command: string, args: readonly string[]): Promise<ProgramResult> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (piece: Buffer) => out.push(piece));
  child.stderr.on('data', (piece: Buffer) => err.push(piece));
  const ending = await new Promise<Pick<ProgramResult, 'code' | 'signal'>>((resolve, reject) => {
    child.once('error', reject).once('close', (code, signal) => resolve({ code, signal }));
  });
  return { ...ending, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() };
}

/** What it said last, for an error, or else how it ended. */
export function lastWords({ code, signal, err }: ProgramResult): string {
  const said = err.trim().split('\n').slice(-6).join('\n');
  return said === '' ? (signal === null ? `exit code ${code}` : `killed by ${signal}`) : said;
}
