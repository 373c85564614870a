import { ExitCode, NightshiftError } from '../shared/errors.ts';

type Signal = 'SIGINT' | 'SIGTERM';

/** Remembers for a whole night that somebody asked it to stop, so that no step begins after that, whatever was going on then. */
export class Interruption {
  #signal: Signal | undefined;
  readonly #controller = new AbortController();
  readonly #hear = (signal: Signal): void => {
    this.#signal ??= signal;
    this.#controller.abort();
  };

  /** For what waits for something else. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  listen(): this {
    process.on('SIGINT', this.#hear).on('SIGTERM', this.#hear);
    return this;
  }

  stop(): void {
    process.off('SIGINT', this.#hear).off('SIGTERM', this.#hear);
  }

  /** Gives way to signals that wait to be heard, then throws `interrupted` (exit code 130 or 143) where one came. */
  async check(who = 'The night'): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    if (this.#signal !== undefined) throw interrupted(who, this.#signal);
  }
}

/** What a signal makes of a night. */
export function interrupted(who: string, signal: Signal): NightshiftError {
  return new NightshiftError({
    code: 'interrupted',
    what: `${who} was interrupted`,
    found: signal,
    fix: 'run again; what it makes is there whole or not at all',
    exitCode: signal === 'SIGINT' ? ExitCode.interrupted : ExitCode.terminated,
  });
}
