import { distance } from 'fastest-levenshtein';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import type { Registry } from './registry.ts';

const LATEST = /^latest(?:~(\d{1,6}))?$/;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const ID = /^[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.)){0,99}$/;
/** A shorter beginning of an id is refused: it would mean another run as soon as there is one more. */
const SHORTEST_PREFIX = 4;
const SHOWN_CANDIDATES = 5;
const SHOWN_CHARACTERS = 60;

/**
 * The id of the run that a text names: its id or a beginning of it that no other has, `champion` (of the next night), `latest` (the
 * last night that came to an end; a try never is), `latest~2` (two nights before that), or an as-of date (the run published for it,
 * else the last night, else the last try). Throws `run-unknown` or `run-ambiguous`, both with exit code 2.
 */
export function resolveRun(registry: Registry, text: string): string {
  if (text === 'champion') return registry.champions.latest()?.modelRun ?? fail(registry, { what: 'There is no champion yet', text, fix: 'run a night that passes its gates' });
  const latest = LATEST.exec(text);
  if (latest !== null) return latestNight(registry, text, Number(latest[1] ?? 0));
  if (DATE.test(text)) return registry.runs.ofDate(text) ?? fail(registry, { what: 'There is no run of this as-of date', text });
  if (!ID.test(text)) return fail(registry, { what: 'This cannot be the name of a run', text });
  return byId(registry, text);
}

function latestNight(registry: Registry, text: string, back: number): string {
  const [found] = registry.runs.finishedNights(back, 1);
  if (found !== undefined) return found;
  return fail(registry, { what: back === 0 ? 'No night has come to an end yet' : 'There are fewer nights than that', text, fix: back === 0 ? 'run a night first' : 'run.sh runs lists them' });
}

function byId(registry: Registry, text: string): string {
  if (registry.runs.has(text)) return text;
  const found = registry.runs.beginningWith(text, SHOWN_CANDIDATES + 1);
  if (found.length > 0 && text.length < SHORTEST_PREFIX) return fail(registry, { what: `The beginning of a run’s id needs at least ${SHORTEST_PREFIX} characters`, text });
  if (found.length > 1) throw ambiguous(text, found);
  return found[0] ?? fail(registry, { what: 'There is no such run', text });
}

function ambiguous(text: string, found: readonly string[]): NightshiftError {
  const more = found.length > SHOWN_CANDIDATES ? ', and more' : '';
  return new NightshiftError({
    code: 'run-ambiguous',
    what: 'Several runs begin so',
    found: shown(text),
    expected: `one of ${found.slice(0, SHOWN_CANDIDATES).join(', ')}${more}`,
    fix: 'say more of the id',
    exitCode: ExitCode.usage,
  });
}

function fail(registry: Registry, { what, text, fix }: { what: string; text: string; fix?: string }): never {
  const ids = registry.runs.ids();
  throw new NightshiftError({
    code: 'run-unknown',
    what: ids.length === 0 ? 'There are no runs yet' : what,
    found: shown(text),
    expected: 'a run’s id or its beginning, champion, latest, latest~2, or an as-of date',
    fix: ids.length === 0 ? 'run a night first' : (fix ?? `did you mean ${closest(text, ids).join(', ')}? run.sh runs lists them`),
    exitCode: ExitCode.usage,
  });
}

/** The three names that lie closest to a text, the closest first. */
function closest(text: string, ids: readonly string[]): readonly string[] {
  const start = text.slice(0, SHOWN_CHARACTERS);
  // Equally far are equally likely: then the later run, as ids begin with dates.
  const ranked = ['latest', 'champion', ...ids].map((one) => ({ one, far: distance(start, one) })).toSorted((a, b) => a.far - b.far || (a.one < b.one ? 1 : -1));
  return ranked.slice(0, 3).map(({ one }) => one);
}

/** What a person wrote, safe to print: quoted, without control characters, cut where it is long. */
function shown(text: string): string {
  const start = JSON.stringify(text.slice(0, SHOWN_CHARACTERS)).replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
  return text.length > SHOWN_CHARACTERS ? `${start} and ${text.length - SHOWN_CHARACTERS} more characters` : start;
}
