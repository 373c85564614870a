import { pathToFileURL } from 'node:url';
import { projectFile } from '../shared/bundle.ts';
import { NightshiftError, messageOf } from '../shared/errors.ts';
import { readJsonFile, writeFileWhole } from '../shared/files.ts';
import { type RunContext, StepContext } from './context.ts';
import { takeLock } from './lock.ts';
import { loadsFile } from './places.ts';
import { Redactor, withoutQuotes, withoutSensitive } from './redact.ts';
import { type Message, type Order, type StepResult, instant } from './messages.ts';
import type { StepDefinition } from './step.ts';

/** One step in a process of its own: reads its context, works, leaves its result by rename. */
async function main({ contextFile, at }: Order): Promise<void> {
  const run = readJsonFile(contextFile) as RunContext;
  const lock = await takeLock(run.places.data, 'step', 60);
  const context = new StepContext(run, { log: (entry) => tell({ type: 'log', entry }), progress: (text) => tell({ type: 'progress', text }) }, { loads: loadsFile(run.places, run.config.warehouse) });
  const error = await attempt(run, context, at);
  lock.release();
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const result: StepResult = { status: error === undefined ? 'done' : 'failed', rows: context.rows, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakMb: maxRSS / 1024, ...(error === undefined ? {} : { error }) };
  writeFileWhole(contextFile.replace(/context\.json$/, 'result.json'), JSON.stringify(result));
  process.exitCode = error === undefined ? 0 : 1;
  process.disconnect();
}

async function attempt(run: RunContext, context: StepContext, orderedAt: number): Promise<StepResult['error']> {
  try {
    const module = (await import(pathToFileURL(projectFile('steps', `${run.step}.mjs`)).href)) as { default: StepDefinition };
    // How long it took to get here since the order, loading what the step needs.
    context.log({ event: 'ready', seconds: (instant() - orderedAt) / 1000 });
    await module.default.run(context);
    await context.requireUnchangedSources();
    return undefined;
  } catch (thrown) {
    return await tellable(describe(thrown), context);
  } finally {
    await context.release();
  }
}

function describe(thrown: unknown): NonNullable<StepResult['error']> {
  const stack = typeof thrown === 'object' && thrown !== null && 'stack' in thrown ? String(thrown.stack) : undefined;
  if (thrown instanceof NightshiftError) {
    const { cause: _, ...details } = thrown.details;
    return { ...details, stack };
  }
  return { code: 'unexpected', what: messageOf(thrown), stack };
}

/** An error as it may be shown. Where the warehouse cannot say what is sensitive in it, nothing that it quotes is. */
async function tellable(error: NonNullable<StepResult['error']>, context: StepContext): Promise<NonNullable<StepResult['error']>> {
  const shown = withoutSensitive(error, context.config.sensitive);
  try {
    return await new Redactor(context).error(shown);
  } catch (thrown) {
    return withoutQuotes(shown, messageOf(thrown));
  }
}

function tell(message: Message): void {
  process.send?.(message);
}

// A step whose runner is gone must not go on writing beside the next run.
process.on('disconnect', () => process.exit(1));
const told = new Promise<Order>((resolve) => process.once('message', (order: Order) => resolve(order)));
// The step before may still be at work meanwhile: nothing of the project's own is loaded before its turn has come.
await Promise.all([import('../index.ts'), import('better-sqlite3')]);
await main(await told);
