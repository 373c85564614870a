/** What a server answered, read whole. */
export interface Answer {
  readonly status: number;
  readonly ok: boolean;
  readonly text: string;
  /** Undefined where the text is no JSON. */
  readonly json: unknown;
  /** MLflow's own name of an error. */
  readonly errorCode: string | undefined;
  /** Status and beginning of the text, fit to be printed: without secrets and what a terminal would obey. */
  readonly said: string;
  /** Seconds after which it wants to be asked again. */
  readonly retryAfter: number | undefined;
  /** Where a redirect points to, fit to be printed. */
  readonly location: string | undefined;
}

/** No answer to what is asked here is longer, in bytes; a run with a million metrics is about as long. */
const LONGEST = 256 << 20;
const SHOWN = 300;

export async function readAnswer(response: Response, secrets: readonly string[]): Promise<Answer> {
  const { status, ok, headers } = response;
  const text = await textOf(response);
  const json = jsonOf(text);
  const after = Number(headers.get('retry-after') ?? Number.NaN);
  const message = stringIn(json, 'message') ?? (isHtml(headers, text) ? 'a page of HTML' : text.slice(0, 10 * SHOWN));
  const said = printable(`${status}${message.trim() === '' ? '' : `: ${message}`}`, secrets);
  const location = headers.get('location');
  return { status, ok, text, json, errorCode: stringIn(json, 'error_code'), said, retryAfter: after >= 0 ? after : undefined, location: location === null ? undefined : printable(location, secrets) };
}

/** The beginning of a text as one line, without secrets and control characters. */
export function printable(text: string, secrets: readonly string[]): string {
  const hidden = secrets.reduce((left, secret) => left.replaceAll(secret, '(not shown)'), text);
  const line = hidden.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
}

async function textOf(response: Response): Promise<string> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += piece.length;
    if (bytes > LONGEST) return `an answer of more than ${LONGEST} bytes`;
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function isHtml(headers: Headers, text: string): boolean {
  return (headers.get('content-type') ?? '').includes('html') || /^\s*<(?:!doctype|html)/i.test(text);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function stringIn(json: unknown, key: string): string | undefined {
  if (typeof json !== 'object' || json === null || !Object.hasOwn(json, key)) return undefined;
  const value = (json as Readonly<Record<string, unknown>>)[key];
  return typeof value === 'string' ? value : undefined;
}
