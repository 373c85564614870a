/** What a scoring does, one after the other: rows read, checked and staged; features made by SQL; predicted; written. */
export type Phase = 'read' | 'features' | 'predict' | 'write';

/** Seconds of each phase; one ends where the next begins. */
export class Phases {
  readonly seconds: Record<Phase, number> = { read: 0, features: 0, predict: 0, write: 0 };
  #current: Phase | undefined;
  #since = 0;

  begin(phase: Phase): void {
    this.end();
    this.#current = phase;
    this.#since = performance.now();
  }

  end(): void {
    if (this.#current !== undefined) this.seconds[this.#current] += (performance.now() - this.#since) / 1000;
    this.#current = undefined;
  }
}
