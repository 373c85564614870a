import { type ChildProcess, fork } from 'node:child_process';
import { programFile } from '../shared/bundle.ts';
import type { Talk } from './context.ts';
import { type Message, type Order, instant } from './messages.ts';

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process for one step: it loads what every step needs, and works when it is told what. What it prints goes to stderr: stdout is for data. */
export class StepProcess {
  readonly #child: ChildProcess;
  readonly #ending: Promise<Ending>;

  constructor() {
    const child = fork(programFile('child.mjs'), { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    child.stdout?.on('data', (piece: Buffer) => process.stderr.write(piece));
    child.stderr?.on('data', (piece: Buffer) => process.stderr.write(piece));
    this.#child = child;
    this.#ending = endingOf(child);
    // Whoever waits for it hears of it; of one that is never told anything nobody need.
    this.#ending.catch(() => undefined);
  }

  get isThere(): boolean {
    return this.#child.connected;
  }

  /** Has it do the step of a context file. Resolves when the process has ended, whatever it came to. */
  async work(contextFile: string, talk: Talk): Promise<Ending> {
    const child = this.#child;
    // A step whose log cannot be written does not go on unseen.
    let fault: { readonly cause: unknown } | undefined;
    child.on('message', (message: Message) => {
      try {
        if (fault === undefined) hear(message, talk);
      } catch (cause) {
        fault = { cause };
        this.kill();
      }
    });
    const pass = (signal: NodeJS.Signals) => child.kill(signal);
    process.on('SIGINT', pass).on('SIGTERM', pass);
    const order: Order = { contextFile, at: instant() };
    // Of one that died meanwhile its end is heard.
    child.send(order, () => undefined);
    const ending = await this.#ending.finally(() => process.off('SIGINT', pass).off('SIGTERM', pass));
    if (fault !== undefined) throw fault.cause;
    return ending;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }
}

/** The processes of steps that follow one another: each is started while the step before works, so that no step waits for its own. */
export class StepProcesses {
  #next: StepProcess | undefined;

  /** Starts the first one already. */
  begin(): void {
    this.#next ??= new StepProcess();
  }

  /** A process for the next step; `isLast` where none follows it. */
  take(isLast: boolean): StepProcess {
    const taken = this.#next?.isThere === true ? this.#next : new StepProcess();
    this.#next = isLast ? undefined : new StepProcess();
    return taken;
  }

  /** Ends the one that waits. */
  end(): void {
    this.#next?.kill();
  }
}

function hear(message: Message, talk: Talk): void {
  if (message.type === 'log') talk.log(message.entry);
  else talk.progress(message.text);
}

function endingOf(child: ChildProcess): Promise<Ending> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
}
