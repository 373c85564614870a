/** Exit codes of the program; cron and its readers tell the outcomes of a night apart by them. */
export const ExitCode = {
  done: 0,
  failed: 1,
  usage: 2,
  refused: 3,
  checksFailed: 4,
  locked: 5,
  sourceLate: 6,
  interrupted: 130,
  terminated: 143,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** What an error has to tell: what went wrong, where, what was found and expected there, and how to mend it. */
export interface ErrorDetails {
  /** A stable, kebab-case name of the kind of error, such as `source-missing`. */
  readonly code: string;
  /** One sentence: what went wrong. */
  readonly what: string;
  readonly where?: string | undefined;
  readonly found?: string | undefined;
  /** The column whose value `found` quotes, which is not shown where that is sensitive. */
  readonly column?: string | undefined;
  readonly expected?: string | undefined;
  readonly fix?: string | undefined;
  readonly exitCode?: ExitCode | undefined;
  readonly cause?: unknown;
}

/** The one error class: everything that a person could mend is thrown as one of these. */
export class NightshiftError extends Error {
  readonly details: ErrorDetails;

  constructor(details: ErrorDetails) {
    super(explain(details), details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'NightshiftError';
    this.details = details;
  }

  get code(): string {
    return this.details.code;
  }

  get exitCode(): ExitCode {
    return this.details.exitCode ?? ExitCode.failed;
  }
}

/** The text of an error as the console shows it: a line for each part that is known. */
export function explain(details: ErrorDetails): string {
  const lines = [details.what];
  if (details.where !== undefined) lines.push(`  where:    ${details.where}`);
  if (details.found !== undefined) lines.push(`  found:    ${details.found}`);
  if (details.expected !== undefined) lines.push(`  expected: ${details.expected}`);
  if (details.fix !== undefined) lines.push(`  to mend:  ${details.fix}`);
  return lines.join('\n');
}

/** An error with the file that it is about: its name before the place that is told. */
export function inFile(error: NightshiftError, name: string): NightshiftError {
  const { where } = error.details;
  return new NightshiftError({ ...error.details, where: where === undefined ? name : `${name}, ${where}` });
}

/** The details of anything that was thrown, as they may travel between threads. */
export function detailsOf(thrown: unknown): ErrorDetails {
  if (!(thrown instanceof NightshiftError)) return { code: 'unexpected', what: messageOf(thrown) };
  const { cause: _cause, ...details } = thrown.details;
  return details;
}

/** The message of anything that was thrown. Never asks `instanceof`: errors of native addons fail it in other realms. */
export function messageOf(thrown: unknown): string {
  if (typeof thrown === 'object' && thrown !== null && 'message' in thrown) return String(thrown.message);
  return String(thrown);
}

/** The code of a system or engine error (`ENOSPC`, `SQLITE_BUSY`), or undefined. */
export function codeOf(thrown: unknown): string | undefined {
  if (typeof thrown === 'object' && thrown !== null && 'code' in thrown && typeof thrown.code === 'string') return thrown.code;
  return undefined;
}
