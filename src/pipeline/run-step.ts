import { type ChildProcess, fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { NightshiftError } from '../shared/errors.ts';
import { readJsonFile, writeFileWhole } from '../shared/files.ts';
import type { RunContext, Talk } from './context.ts';
import { interrupted } from './interruption.ts';
import type { Message, StepResult } from './messages.ts';
import { workFolder } from './places.ts';

export interface StepOutcome {
  readonly status: 'done' | 'failed';
  readonly rows: number | null;
  readonly startedAt: Date;
  readonly seconds: number;
  readonly cpuSeconds: number | null;
  readonly peakMb: number | null;
  readonly error?: NightshiftError;
}

/** Runs one step as a subprocess. Its death is a status, not a crash. */
export async function runStep(context: RunContext, talk: Talk): Promise<StepOutcome> {
  const folder = workFolder(context.places, context.runId);
  const contextFile = join(folder, `${context.step}.context.json`);
  const resultFile = join(folder, `${context.step}.result.json`);
  rmSync(resultFile, { force: true });
  writeFileWhole(contextFile, JSON.stringify(context));
  const startedAt = new Date();
  const start = performance.now();
  const ending = await spawnStep(contextFile, talk);
  const seconds = (performance.now() - start) / 1000;
  const result = readJsonFile(resultFile) as StepResult | undefined;
  if (result === undefined) return { status: 'failed', rows: null, startedAt, seconds, cpuSeconds: null, peakMb: null, error: died(context.step, ending) };
  const { status, rows, cpuSeconds, peakMb, error } = result;
  return { status, rows, startedAt, seconds, cpuSeconds, peakMb, ...(error === undefined ? {} : { error: revive(error) }) };
}

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What a child prints goes to stderr: stdout is for data. */
async function spawnStep(contextFile: string, talk: Talk): Promise<Ending> {
  const child = fork(join(process.env['NIGHTSHIFT_BUNDLE'] ?? '', 'child.mjs'), [contextFile], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  child.stdout?.on('data', (piece: Buffer) => process.stderr.write(piece));
  child.stderr?.on('data', (piece: Buffer) => process.stderr.write(piece));
  // A step whose log cannot be written does not go on unseen.
  let fault: { readonly cause: unknown } | undefined;
  child.on('message', (message: Message) => {
    try {
      if (fault === undefined) hear(message, talk);
    } catch (cause) {
      fault = { cause };
      child.kill('SIGKILL');
    }
  });
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  process.on('SIGINT', pass).on('SIGTERM', pass);
  const ending = await ended(child).finally(() => process.off('SIGINT', pass).off('SIGTERM', pass));
  if (fault !== undefined) throw fault.cause;
  return ending;
}

function hear(message: Message, talk: Talk): void {
  if (message.type === 'log') talk.log(message.entry);
  else talk.progress(message.text);
}

function ended(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
}

function died(step: string, { code, signal }: Ending): NightshiftError {
  if (signal === 'SIGINT' || signal === 'SIGTERM') return interrupted(step, signal);
  return new NightshiftError({
    code: 'step-died',
    what: `The process of ${step} ended without a result`,
    found: signal === null ? `exit code ${code}` : `killed by ${signal}`,
    fix: signal === 'SIGKILL' ? 'see whether the system ran out of memory, and run again; a night is published whole or not at all' : 'run again; a night is published whole or not at all',
  });
}

function revive({ stack, ...details }: NonNullable<StepResult['error']>): NightshiftError {
  const error = new NightshiftError(details);
  if (stack !== undefined) error.stack = stack;
  return error;
}
