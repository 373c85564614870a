import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Task } from '../dataset/contract.ts';
import { familyNames, familyOf } from '../model/families.ts';
import { NightshiftError } from '../shared/errors.ts';
import type { Figures } from './fit-request.ts';
import { type JobRows, jobRows } from './job-rows.ts';
import { fitInOwnProcess } from './own-process.ts';
import { PEER, fitPeer } from './peer.ts';
import { peerPython } from './peer-environment.ts';
import { type Size, sizesOf } from './sizes.ts';
import { workOf } from './work.ts';

export type SpeedBackend = 'wasm' | 'native';

export interface SpeedRequest {
  /** All but the blend unless some are named. */
  readonly families: readonly string[];
  /** Where none is named: WASM, and native where that is installed. */
  readonly backends: readonly SpeedBackend[];
  /** Numbers of rows, each with the job's own features. */
  readonly rows: readonly number[];
  /** Numbers of features, each with the least of the numbers of rows. */
  readonly columns: readonly number[];
  /** Epochs or trees instead of the usual ones. */
  readonly rounds: number | undefined;
  readonly peer: boolean;
  readonly project: string;
  readonly progress: (text: string) => void;
  readonly line: (text: string) => void;
}

/** One training at one size, by us or by the peer. */
export interface Speed {
  readonly family: string;
  /** What it ran on: `wasm`, `native` or `threads`; of the peer, and of what failed before it told, empty. */
  readonly backend: string;
  readonly size: Size;
  readonly rounds: number;
  readonly unit: string;
  readonly figures: Figures | undefined;
  readonly error: NightshiftError | undefined;
}

export interface SpeedReport {
  readonly task: Task;
  readonly sizes: readonly Size[];
  readonly speeds: readonly Speed[];
  readonly hasNative: boolean;
}

/** Trains each family on each backend at each size with fixed work, each in a process of its own, on the job's own rows. */
export async function benchSpeed(request: SpeedRequest): Promise<SpeedReport> {
  const families = request.families.length === 0 ? familyNames.filter((name) => name !== 'auto') : request.families;
  for (const name of families) (await familyOf(name)).parseOptions(workOf(name).options);
  const python = request.peer ? await peerPython(request.line) : undefined;
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-bench-train-'));
  try {
    const rows = await jobRows({ project: request.project, folder, progress: request.progress });
    const sizes = sizesOf(rows, request);
    const bench = new SpeedBench(request, rows);
    for (const family of families) await bench.family(family, sizes);
    if (python !== undefined) await bench.peer(python, sizes);
    return { task: rows.contract.task, sizes, speeds: bench.speeds, hasNative: bench.hasNative };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What has been measured, and what it has shown of the families and the machine. */
class SpeedBench {
  readonly speeds: Speed[] = [];
  hasNative = true;
  readonly #request: SpeedRequest;
  readonly #rows: JobRows;

  constructor(request: SpeedRequest, rows: JobRows) {
    this.#request = request;
    this.#rows = rows;
  }

  async family(family: string, sizes: readonly Size[]): Promise<void> {
    const asked = this.#request.backends.length === 0 ? (['wasm', 'native'] as const) : this.#request.backends;
    for (const backend of asked) {
      for (const size of sizes) {
        if (backend === 'native' && !this.hasNative) continue;
        const speed = await this.#measure(family, backend, size);
        // Only where native was named is it an error that there is none.
        if (this.#request.backends.length === 0 && speed.error?.code === 'backend-missing') this.hasNative = false;
        else this.#add(speed);
      }
      if (this.speeds.at(-1)?.backend === 'threads') return;
    }
  }

  async peer(python: string, sizes: readonly Size[]): Promise<void> {
    for (const size of sizes) {
      const { contract, train, test } = size.on(this.#rows);
      this.#request.progress(`${PEER}, ${size.name}`);
      const told = { family: PEER, backend: '', size, rounds: workOf(PEER).rounds, unit: 'tree' };
      this.#add({ ...told, ...(await attempt(() => fitPeer(python, { contract, train, test, trainRows: size.rows, seed: 1, predict: 'train' }))) });
    }
  }

  async #measure(family: string, backend: SpeedBackend, size: Size): Promise<Speed> {
    const { contract, train, test } = size.on(this.#rows);
    const work = workOf(family);
    const rounds = this.#request.rounds ?? work.rounds;
    const request = { contract, train, test, trainRows: size.rows, family, options: work.options, backend, seed: 1, rounds, validationShare: 0, predict: 'train' as const };
    const ended = await attempt(() => fitInOwnProcess(request, (text) => this.#request.progress(`${family}, ${backend}, ${size.name}: ${text}`)));
    const summary = ended.figures?.summary;
    return { family, backend: summary?.backend ?? backend, size, rounds: summary?.rounds ?? rounds, unit: summary?.unit ?? 'round', ...ended };
  }

  #add(speed: Speed): void {
    this.speeds.push(speed);
    const { family, backend, size, figures } = speed;
    const who = [family, backend].filter((part) => part !== '').join(' ');
    this.#request.line(`${who}, ${size.name}: ${figures === undefined ? 'failed' : `${figures.trainSeconds.toFixed(1)} s, ${figures.peakMb.toFixed(0)} MB`}`);
  }
}

/** A training that fails is told among the figures: those of the others took long. */
async function attempt(fit: () => Promise<Figures>): Promise<Pick<Speed, 'figures' | 'error'>> {
  try {
    return { figures: await fit(), error: undefined };
  } catch (thrown) {
    if (!(thrown instanceof NightshiftError) || thrown.code === 'interrupted') throw thrown;
    return { figures: undefined, error: thrown };
  }
}
