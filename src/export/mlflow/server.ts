import type { z } from 'zod';
import type { Address } from './address.ts';
import { type Answer, readAnswer } from './answer.ts';
import { type Patience, patiently } from './patience.ts';
import { failureOf, noAnswer, notMlflow } from './trouble.ts';

export interface ServerOptions {
  readonly address: Address;
  readonly patience: Patience;
  /** Seconds until an answer must be there whole. */
  readonly timeout: number;
}

interface Question<T> {
  readonly method: 'GET' | 'POST';
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly answer: z.ZodType<T>;
  /** The server's error codes that are an answer, too: then undefined comes back. */
  readonly absent: readonly string[];
}

interface Sent {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Blob | null;
}

/** A slow line carries this many bytes a second of a file at least. */
const SLOWEST_UPLOAD = 100_000;
const JSON_HEADERS = { 'content-type': 'application/json' };

/** A tracking server, spoken to by its REST API (version 2.0), one request at a time. */
export class Server {
  readonly address: Address;
  readonly #patience: Patience;
  readonly #timeout: number;

  constructor({ address, patience, timeout }: ServerOptions) {
    this.address = address;
    this.#patience = patience;
    this.#timeout = timeout;
  }

  /** Repeats an operation while the server has trouble that may pass. */
  patiently<T>(operation: () => Promise<T>): Promise<T> {
    return patiently(operation, this.#patience);
  }

  /**
   * Asks for what is at a path below `/api/2.0/mlflow/`; undefined where the server says that it is absent. Throws `Passing` where
   * asking again may help, else an error that says what the server found wrong.
   */
  find<T>(path: string, query: Readonly<Record<string, string>>, { answer, absent }: Pick<Question<T>, 'answer' | 'absent'>): Promise<T | undefined> {
    return this.#ask(path, { method: 'GET', query, answer, absent });
  }

  /** The same for what must be there. */
  async get<T>(path: string, query: Readonly<Record<string, string>>, answer: z.ZodType<T>): Promise<T> {
    return (await this.#ask(path, { method: 'GET', query, answer, absent: [] })) as T;
  }

  async post<T>(path: string, body: object, answer: z.ZodType<T>): Promise<T> {
    return (await this.#ask(path, { method: 'POST', body, answer, absent: [] })) as T;
  }

  /** Makes what may be there already; undefined then. */
  make<T>(path: string, body: object, answer: z.ZodType<T>): Promise<T | undefined> {
    return this.#ask(path, { method: 'POST', body, answer, absent: ['RESOURCE_ALREADY_EXISTS'] });
  }

  /** Puts a file at a path below the server's artefacts; gives back whether the server serves artefacts at all. */
  async put(path: string, content: Blob): Promise<boolean> {
    const where = `${this.address.base}/api/2.0/mlflow-artifacts/artifacts/${path.split('/').map(encodeURIComponent).join('/')}`;
    const found = await this.#fetch(where, { method: 'PUT', headers: { 'content-type': 'application/octet-stream' }, body: content }, this.#timeout + content.size / SLOWEST_UPLOAD);
    if (found.ok) return true;
    if (found.text.includes('--no-serve-artifacts')) return false;
    throw failureOf(found, where);
  }

  async #ask<T>(path: string, { method, query = {}, body, answer, absent }: Question<T>): Promise<T | undefined> {
    const where = `${this.address.base}/api/2.0/mlflow/${path}`;
    const search = new URLSearchParams(query).toString();
    const found = await this.#fetch(search === '' ? where : `${where}?${search}`, { method, headers: JSON_HEADERS, body: body === undefined ? null : JSON.stringify(body) }, this.#timeout);
    if (!found.ok && found.errorCode !== undefined && absent.includes(found.errorCode)) return undefined;
    if (!found.ok) throw failureOf(found, where);
    const parsed = answer.safeParse(found.json);
    if (!parsed.success) throw notMlflow(found, where);
    return parsed.data;
  }

  async #fetch(url: string, sent: Sent, timeout: number): Promise<Answer> {
    const { authorization, secrets, base } = this.address;
    const headers = authorization === undefined ? sent.headers : { ...sent.headers, authorization };
    try {
      // A redirect would make a GET of a POST, and carry what is sent to who knows whom.
      const response = await fetch(url, { ...sent, headers, redirect: 'manual', signal: AbortSignal.timeout(Math.ceil(timeout * 1000)) });
      return await readAnswer(response, secrets);
    } catch (cause) {
      throw noAnswer(cause, { where: base, timeout, secrets });
    }
  }
}
