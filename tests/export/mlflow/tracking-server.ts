import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A Python that has mlflow, or undefined; on the build machine its absence is a failure. */
export const PYTHON = process.env['MLFLOW_PYTHON'];
if (PYTHON === undefined) {
  if (process.env['NIGHTSHIFT_REQUIRE_MLFLOW'] === '1') throw new Error('NIGHTSHIFT_REQUIRE_MLFLOW is 1, but MLFLOW_PYTHON names no Python that has mlflow');
  process.stderr.write('MLFLOW_PYTHON names no Python that has mlflow: the export is not tested against a real tracking server\n');
}

/** An MLflow tracking server on loopback, with an SQLite store and its artefacts in a folder. */
export class TrackingServer {
  readonly url: string;
  readonly #port: number;
  readonly #folder: string;
  #child: ChildProcess | undefined;

  private constructor(folder: string, port: number) {
    this.#folder = folder;
    this.#port = port;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async start(folder: string): Promise<TrackingServer> {
    mkdirSync(folder, { recursive: true });
    const server = new TrackingServer(folder, await freePort());
    await server.start();
    return server;
  }

  /** Starts it, again after `kill` with what it had stored; resolves once it answers. */
  async start(): Promise<void> {
    const log = openSync(join(this.#folder, 'server.log'), 'a');
    const args = ['-m', 'mlflow', 'server', '--backend-store-uri', `sqlite:///${join(this.#folder, 'mlflow.db')}`, '--artifacts-destination', join(this.#folder, 'artefacts'), '--host', '127.0.0.1', '--port', String(this.#port), '--workers', '1'];
    // A group of its own, since the server starts others that would outlive it.
    this.#child = spawn(PYTHON ?? '', args, { cwd: this.#folder, detached: true, stdio: ['ignore', log, log], env: { ...process.env, MLFLOW_DISABLE_TELEMETRY: 'true', MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false' } });
    for (let waited = 0; !(await this.#answers()); waited += 1) {
      if (this.#child.exitCode !== null || waited > 900) throw new Error(`the tracking server did not start:\n${readFileSync(join(this.#folder, 'server.log'), 'utf8').slice(-3000)}`);
      await sleep(100);
    }
  }

  /** Ends it at once, as a loss of power would. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    process.kill(-child.pid, 'SIGKILL');
    await ended;
  }

  /** What its own API answers. */
  async api<T>(path: string, body?: object): Promise<T> {
    const response = await fetch(`${this.url}/api/2.0/mlflow/${path}`, body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** The bytes of a file of a run, as a browser downloads them. */
  async artefact(run: string, path: string): Promise<Buffer> {
    const response = await fetch(`${this.url}/get-artifact?${new URLSearchParams({ run_id: run, path }).toString()}`);
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  }

  async #answers(): Promise<boolean> {
    return fetch(`${this.url}/health`, { signal: AbortSignal.timeout(5000) }).then((response) => response.ok, () => false);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
