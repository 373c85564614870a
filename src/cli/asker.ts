import { createInterface } from 'node:readline/promises';
import type { Ask, Question } from '../init/asking.ts';
import { decides } from '../init/asking.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { nearest } from '../shared/nearest.ts';
import type { Console } from './console.ts';

export interface Asker {
  readonly ask: Ask;
  readonly close: () => void;
}

const MOST_SHOWN = 40;

/** Asks a person on the terminal; an empty answer is the one in brackets. */
export function terminalAsker(console: Console): Asker {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  const closed = new AbortController();
  reader.once('close', () => closed.abort());
  const read = async (text: string): Promise<string> => {
    try {
      return (await reader.question(text, { signal: closed.signal })).trim();
    } catch (cause) {
      throw new NightshiftError({ code: 'interrupted', what: 'A question was left without an answer', where: text.trim(), fix: 'nothing was written; --yes asks nothing', exitCode: ExitCode.interrupted, cause });
    }
  };
  return { ask: (question) => answered(read, console, question), close: () => reader.close() };
}

/** Takes every guess. */
export const nobody: Asker = { ask: decides, close: () => undefined };

async function answered(read: (text: string) => Promise<string>, console: Console, { text, fallback, options }: Question): Promise<string> {
  console.always(options.length > 0 && options.length <= MOST_SHOWN ? `  ${options.join(', ')}` : '');
  for (;;) {
    const said = await read(`${text} [${fallback}] `);
    const answer = said === '' ? fallback : said;
    const match = options.find((one) => one === answer) ?? options.find((one) => one.toLowerCase() === answer.toLowerCase());
    if (match !== undefined || options.length === 0) return match ?? answer;
    const closest = nearest(answer, options);
    console.always(`  There is no ${answer}${closest === undefined ? '' : `; did you mean ${closest}?`}`);
  }
}
