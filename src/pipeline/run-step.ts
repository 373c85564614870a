import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { NightshiftError } from '../shared/errors.ts';
import { readJsonFile, writeFileWhole } from '../shared/files.ts';
import type { RunContext, Talk } from './context.ts';
import { interrupted } from './interruption.ts';
import type { StepResult } from './messages.ts';
import { workFolder } from './places.ts';
import type { Ending, StepProcess } from './step-process.ts';

export interface StepOutcome {
  readonly status: 'done' | 'failed';
  readonly rows: number | null;
  readonly startedAt: Date;
  readonly seconds: number;
  readonly cpuSeconds: number | null;
  readonly peakMb: number | null;
  readonly error?: NightshiftError;
}

/** Runs one step in a process of its own. Its death is a status, not a crash. */
export async function runStep(context: RunContext, talk: Talk, child: StepProcess): Promise<StepOutcome> {
  const folder = workFolder(context.places, context.runId);
  const contextFile = join(folder, `${context.step}.context.json`);
  const resultFile = join(folder, `${context.step}.result.json`);
  rmSync(resultFile, { force: true });
  writeFileWhole(contextFile, JSON.stringify(context));
  const startedAt = new Date();
  const start = performance.now();
  const ending = await child.work(contextFile, talk);
  const seconds = (performance.now() - start) / 1000;
  const result = readJsonFile(resultFile) as StepResult | undefined;
  if (result === undefined) return { status: 'failed', rows: null, startedAt, seconds, cpuSeconds: null, peakMb: null, error: died(context.step, ending) };
  const { status, rows, cpuSeconds, peakMb, error } = result;
  return { status, rows, startedAt, seconds, cpuSeconds, peakMb, ...(error === undefined ? {} : { error: revive(error) }) };
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
