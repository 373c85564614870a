import type { Command } from 'commander';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { nearest } from '../shared/nearest.ts';

/** Words that `run`, the default command, was given: a command that stands after its options, or one that there is not. */
export function strayWord(program: Command, word: string): NightshiftError {
  const commands = program.commands.map((one) => one.name());
  const closest = nearest(word, commands);
  const fix = commands.includes(word) ? `put the command first: run.sh ${word} …` : closest === undefined ? 'run.sh --help lists commands' : `did you mean run.sh ${closest}?`;
  return new NightshiftError({ code: 'usage', what: commands.includes(word) ? `The command ${word} stands after its options` : 'There is no such command', found: word, expected: commands.join(', '), fix, exitCode: ExitCode.usage });
}
