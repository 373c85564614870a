import type { LogEntry } from '../pipeline/context.ts';

export interface ConsoleOptions {
  /** Says nothing unless something needs a person. */
  readonly quiet: boolean;
  readonly stream?: NodeJS.WriteStream;
  readonly now?: () => number;
}

const PLAIN_PROGRESS_SECONDS = 10;

/** Talk with a person, on stderr: colours and a moving line on a terminal, plain lines elsewhere. */
export class Console {
  readonly #quiet: boolean;
  readonly #out: NodeJS.WriteStream;
  readonly #now: () => number;
  readonly #moves: boolean;
  readonly #colours: boolean;
  #moving = false;
  #lastHeard: number;

  constructor({ quiet, stream = process.stderr, now = () => performance.now() }: ConsoleOptions) {
    this.#quiet = quiet;
    this.#out = stream;
    this.#now = now;
    this.#lastHeard = now();
    this.#moves = stream.isTTY;
    this.#colours = this.#moves && (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb';
  }

  /** A line that stays. */
  line(text = ''): void {
    if (!this.#quiet) this.#write(text);
  }

  /** A line that is shown even when quiet. */
  always(text: string): void {
    this.#write(text);
  }

  /** What is going on: replaced by the next on a terminal; elsewhere a line when nothing was heard for a while. */
  progress(text: string): void {
    if (this.#quiet) return;
    if (this.#moves) {
      this.#out.write(`\r\u001b[2K  ${this.dim(text.slice(0, Math.max(10, (this.#out.columns ?? 80) - 3)))}`);
      this.#moving = true;
    } else if (this.#now() - this.#lastHeard >= PLAIN_PROGRESS_SECONDS * 1000) {
      this.#write(`  ${text}`);
    }
  }

  /** A line of a step's log, where it is worth one here. */
  entry({ event, rows, status = 'ok', message = '', show = false }: LogEntry): void {
    if (!show && (status === 'ok' || status === 'waits')) return;
    const mark = { ok: this.green('✓'), warn: this.yellow('!'), failed: this.red('✗'), waits: this.dim('…') }[status];
    this.line(`    ${mark} ${rows === undefined ? '' : `${event}: ${count(rows)} rows `}${message === '' ? event : message}`);
  }

  #write(text: string): void {
    if (this.#moving) this.#out.write('\r\u001b[2K');
    this.#moving = false;
    this.#lastHeard = this.#now();
    this.#out.write(`${text}\n`);
  }

  green(text: string): string {
    return this.#paint(32, text);
  }

  red(text: string): string {
    return this.#paint(31, text);
  }

  yellow(text: string): string {
    return this.#paint(33, text);
  }

  bold(text: string): string {
    return this.#paint(1, text);
  }

  dim(text: string): string {
    return this.#paint(2, text);
  }

  #paint(code: number, text: string): string {
    return this.#colours ? `\u001b[${code}m${text}\u001b[0m` : text;
  }
}

/** A whole number with thousands apart, the same in every locale. */
export function count(value: number): string {
  return String(Math.trunc(value)).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}
