import { join } from 'node:path';
import { userInfo } from 'node:os';
import { requireModel } from '../model/folder.ts';
import { verifyManifest } from '../model/manifest.ts';
import type { Champion, ChampionAction, RecordedEvent } from '../registry/champions.ts';
import { resolveRun } from '../registry/name-run.ts';
import type { RunDetail } from '../registry/records.ts';
import { dayOf } from '../shared/days.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import type { Record } from './record.ts';

export interface Order {
  /** A run, as `resolveRun` takes it. */
  readonly run: string;
  readonly why: string;
  /** Also a run whose gates or tests did not hold. */
  readonly force?: boolean | undefined;
}

/** Makes a run's model the champion of the nights to come. */
export function promote(record: Record, order: Order): Champion {
  const run = promotable(record, order);
  return put(record, { action: 'promoted', modelRun: run.runId, why: order.why });
}

/** Makes a run's model the champion, which no night replaces up to and with that of `until`. */
export function pin(record: Record, { until, ...order }: Order & { readonly until: string }): Champion {
  const since = effectiveFrom(record);
  if (dayOf(until) <= dayOf(since)) throw new NightshiftError({ code: 'usage', what: 'A pin ends after the nights that have been', where: '--until', found: until, expected: `a day after ${since}`, exitCode: ExitCode.usage });
  return put(record, { action: 'pinned', modelRun: promotable(record, order).runId, why: order.why, until });
}

/** Lets nights replace the champion again. */
export function unpin(record: Record, why: string): Champion {
  const champion = record.registry.champions.latest();
  if (champion === null || champion.pinnedUntil === null) throw new NightshiftError({ code: 'not-pinned', what: 'The champion is not pinned', found: champion?.modelRun ?? 'no champion', exitCode: ExitCode.usage });
  return put(record, { action: 'unpinned', modelRun: champion.modelRun, why });
}

/** Brings back the champion that the present one displaced. */
export function rollback(record: Record, why: string): Champion {
  const before = displaced(record);
  if (before === undefined) throw new NightshiftError({ code: 'nothing-before', what: 'There is no champion to go back to', found: record.registry.champions.latest()?.modelRun ?? 'no champion', fix: 'run.sh champion history', exitCode: ExitCode.usage });
  requireWhole(record, before);
  return put(record, { action: 'rolled back', modelRun: before, why });
}

/** The last champion before the present one that has not itself been rolled back from. What a night published that was run again has had no night of its own. */
function displaced({ registry: { champions } }: Record): string | undefined {
  const line: RecordedEvent[] = [];
  for (const event of champions.events()) {
    const last = line.at(-1);
    if (event.action === 'unpinned' || last?.modelRun === event.modelRun) continue;
    const known = line.findLastIndex(({ modelRun }) => modelRun === event.modelRun);
    if (event.action === 'rolled back' && known >= 0) line.length = known;
    else if (event.action === 'published' && last?.action === 'published' && last.asOf === event.asOf) line.pop();
    line.push(event);
  }
  return line.at(-2)?.modelRun;
}

function promotable(record: Record, { run, force }: Order): RunDetail {
  const found = record.registry.runs.detail(resolveRun(record.registry, run));
  if (found === undefined) throw new Error(`the record lost ${run}`);
  requireWhole(record, found.runId);
  const failed = failures(found);
  if (failed.length > 0 && force !== true) {
    throw new NightshiftError({ code: 'not-promotable', what: 'This run did not hold what a champion has to hold', where: found.runId, found: failed.join('; '), fix: 'say --force to promote it all the same; that is recorded', exitCode: ExitCode.usage });
  }
  return found;
}

/** Why a run should not be promoted. */
function failures({ status, gates, tests, message }: RunDetail): readonly string[] {
  const isWhole = status === 'done' || status === 'tried' || status === 'refused';
  return [
    ...(isWhole ? [] : [`it ended as ${status}${message === null ? '' : `: ${message.split('\n')[0] ?? ''}`}`]),
    ...gates.filter(({ outcome }) => outcome === 'fail' || outcome === 'unclear').map(({ reason }) => reason),
    ...tests.filter(({ severity, outcome }) => severity === 'error' && outcome === 'failed').map(({ test }) => `${test} failed`),
  ];
}

function requireWhole({ places }: Record, runId: string): void {
  const folder = join(places.models, runId);
  requireModel(folder);
  verifyManifest(folder);
}

interface Change {
  readonly action: ChampionAction;
  readonly modelRun: string;
  readonly why: string;
  readonly until?: string;
}

function put(record: Record, { action, modelRun, why, until }: Change): Champion {
  const { champions } = record.registry;
  champions.record({ asOf: effectiveFrom(record), modelRun, action, why, byWhom: userName(), until: until ?? null });
  const champion = champions.latest();
  if (champion === null) throw new Error('the record kept no champion');
  return champion;
}

/** What is said now takes effect after the last night that there is. */
function effectiveFrom({ registry }: Record): string {
  return registry.runs.list({ modes: ['night'], limit: 1 })[0]?.asOf ?? '0001-01-01';
}

/** Who gives the command; a system without names for its users still has numbers for them. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
