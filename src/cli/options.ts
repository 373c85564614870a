import { type Command, InvalidArgumentError } from 'commander';
import { dayOf } from '../shared/days.ts';

/** What every command takes. */
export interface CommonOptions {
  readonly project?: string;
  readonly profile?: string;
  readonly warehouse?: string;
  readonly set: readonly string[];
  readonly asOf?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly debug?: boolean;
}

/** Adds the options that settle project and configuration. */
export function withCommon(command: Command): Command {
  return command
    .option('--project <dir>', 'the project, where it is not the folder of run.sh')
    .option('--profile <name>', 'lay profiles.<name> of pipeline.yaml over it')
    .option('--warehouse <kind>', 'sqlite or duckdb, for this call')
    .option('--set <key=value>', 'override a key of pipeline.yaml, such as model.family=linear; may be repeated', collected, [])
    .option('--json', 'one object on stdout')
    .option('--quiet', 'say nothing unless something needs a person')
    .option('--debug', 'show where in the program an error came from');
}

export function withAsOf(command: Command): Command {
  return command.option('--as-of <date>', 'the day before which everything must be known; as_of in pipeline.yaml unless said', checkedDate);
}

/** The choices for `loadConfig`: the warehouse is one more override. */
export function configChoices(options: CommonOptions): { project: string; profile: string | undefined; set: readonly string[]; asOf: string | undefined } {
  const set = options.warehouse === undefined ? options.set : [...options.set, `warehouse=${options.warehouse}`];
  return { project: process.env['NIGHTSHIFT_PROJECT'] ?? process.cwd(), profile: options.profile, set, asOf: options.asOf };
}

/** Collects an option that may be repeated. */
export function collected(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

export function wholeNumber(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('Expected a whole number from 1 on.');
  return number;
}

/** A day of the calendar. */
export function calendarDay(value: string): string {
  try {
    dayOf(value);
  } catch {
    throw new InvalidArgumentError('Expected a day such as 2001-06-10.');
  }
  return value;
}

function checkedDate(value: string): string {
  if (value === 'today' || value === 'latest') return value;
  try {
    dayOf(value);
  } catch {
    throw new InvalidArgumentError(`Expected a day such as 2001-06-10, or today or latest.`);
  }
  return value;
}
