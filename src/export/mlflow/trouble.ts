import { NightshiftError, codeOf, messageOf } from '../../shared/errors.ts';
import { type Answer, printable } from './answer.ts';
import { Passing } from './patience.ts';

/** The error of an answer that says no: `Passing` where asking again may help. */
export function failureOf(answer: Answer, where: string): Error {
  const { status, errorCode, said: found, retryAfter, location } = answer;
  if (status === 401 || status === 403) {
    return new NightshiftError({ code: 'mlflow-forbidden', what: status === 401 ? 'The tracking server does not know who asks' : 'The tracking server does not allow this', where, found, fix: 'set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN, of somebody who may write there' });
  }
  if (status === 429 || status >= 500) return new Passing(new NightshiftError({ code: 'mlflow-busy', what: 'The tracking server could not answer', where, found, fix: 'look into the log of the server' }), retryAfter);
  if (status >= 300 && status < 400) return new NightshiftError({ code: 'mlflow-elsewhere', what: 'The tracking server is somewhere else', where, found: `${status}, to ${location ?? 'nowhere'}`, fix: 'name that address with --to, if you trust it' });
  if (errorCode === undefined) return notMlflow(answer, where);
  return new NightshiftError({ code: 'mlflow-refused', what: 'The tracking server refuses this', where, found, expected: `what it takes (${printable(errorCode, [])})` });
}

export function notMlflow({ said }: Answer, where: string): NightshiftError {
  return new NightshiftError({ code: 'mlflow-not-mlflow', what: 'What answers there is no MLflow tracking server', where, found: said, expected: 'what MLflow’s REST API answers', fix: 'name the address that its pages have in a browser, without #/…; behind a login page, set MLFLOW_TRACKING_TOKEN' });
}

export interface Unanswered {
  /** The address of the server. */
  readonly where: string;
  /** Seconds that an answer had. */
  readonly timeout: number;
  readonly secrets: readonly string[];
}

/** The error of a request that got no answer, or half of one. */
export function noAnswer(cause: unknown, { where, timeout, secrets }: Unanswered): Error {
  if (isTimeout(cause)) return new Passing(new NightshiftError({ code: 'mlflow-timeout', what: 'The tracking server does not answer in time', where, found: `no whole answer within ${Math.ceil(timeout)} s`, fix: 'look whether it is overloaded; --timeout gives it longer' }));
  // What fetch itself says is `fetch failed`; without a cause it is no trouble with a server.
  if (typeof cause !== 'object' || cause === null || !('cause' in cause)) return cause instanceof Error ? cause : new Error(messageOf(cause));
  const code = codeOf(cause.cause) ?? '';
  const message = printable(messageOf(cause.cause), secrets);
  const error = new NightshiftError({ code: 'mlflow-unreachable', what: 'The tracking server cannot be reached', where, found: message === '' ? code : message, expected: 'a server that listens there', fix: 'start it, or mend the address after --to' });
  return MAY_PASS.test(code) ? new Passing(error) : error;
}

/** Not a name that nobody has, nor a certificate that nobody vouches for: those are the same a second later. */
const MAY_PASS = /^(?:ECONN|EPIPE|ETIMEDOUT|EAI_AGAIN|EHOST|ENET|UND_ERR)/;

function isTimeout(cause: unknown): boolean {
  return typeof cause === 'object' && cause !== null && 'name' in cause && cause.name === 'TimeoutError';
}
