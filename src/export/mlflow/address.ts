import { ExitCode, NightshiftError } from '../../shared/errors.ts';

/** Where a tracking server is, checked, and what it is to be shown. */
export interface Address {
  /** Scheme, host and path without a slash at the end; never with credentials. */
  readonly base: string;
  readonly host: string;
  /** Value of the `authorization` header; undefined where nothing is to be shown. Never printed. */
  readonly authorization: string | undefined;
  /** Parts of credentials that no message may quote. */
  readonly secrets: readonly string[];
  /** Whether credentials go unencrypted to another machine. */
  readonly exposes: boolean;
}

/**
 * Reads the address of a tracking server. Credentials come from `MLFLOW_TRACKING_USERNAME` and `MLFLOW_TRACKING_PASSWORD`, else from
 * `MLFLOW_TRACKING_TOKEN`, as for MLflow's own client. Throws `mlflow-address` for what is no plain http or https address; the
 * message never quotes credentials.
 */
export function readAddress(text: string, environment: NodeJS.ProcessEnv): Address {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw refused({ what: 'This is no address of a tracking server', found: shown(text) });
  if (url.username !== '' || url.password !== '') {
    throw refused({ what: 'The address of the tracking server holds credentials', found: `credentials before ${url.host}`, fix: 'leave them out; set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN. If the password is real, it may be in the history of the shell' });
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw refused({ what: 'A tracking server is reached by http or https', found: `${url.protocol}//…` });
  if (url.search !== '' || url.hash !== '') throw refused({ what: 'The address of a tracking server ends with its path', found: 'a ? or # and what follows it' });
  const credentials = credentialsIn(environment);
  const base = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  return { base, host: url.host, ...credentials, exposes: credentials.authorization !== undefined && url.protocol === 'http:' && !isLoopback(url.hostname) };
}

function credentialsIn(environment: NodeJS.ProcessEnv): Pick<Address, 'authorization' | 'secrets'> {
  const { MLFLOW_TRACKING_USERNAME: user = '', MLFLOW_TRACKING_PASSWORD: password = '', MLFLOW_TRACKING_TOKEN: token = '' } = environment;
  if (user !== '' && password !== '') {
    const encoded = Buffer.from(`${user}:${password}`).toString('base64');
    return { authorization: `Basic ${encoded}`, secrets: [encoded, password] };
  }
  if (token === '') return { authorization: undefined, secrets: [] };
  // A header cannot hold it, and what fetch says of it would quote it.
  if (!/^[\x21-\x7e]+$/.test(token)) throw new NightshiftError({ code: 'mlflow-token', what: 'MLFLOW_TRACKING_TOKEN holds what no token can', found: 'a space, a line end or a character that is not ASCII', fix: 'set it anew, without the end of the line', exitCode: ExitCode.usage });
  return { authorization: `Bearer ${token}`, secrets: [token] };
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** Nothing behind an @ is told from a password by looking at it. */
function shown(text: string): string {
  return text.includes('@') ? 'text with an @ in it, which is not shown' : text.replace(/\p{Cc}/gu, ' ').slice(0, 100);
}

function refused({ what, found, fix }: { what: string; found: string; fix?: string }): NightshiftError {
  return new NightshiftError({ code: 'mlflow-address', what, where: '--to', found, expected: 'such as http://localhost:5000 or https://mlflow.example.com', fix, exitCode: ExitCode.usage });
}
