import type { TrackingServer } from './tracking-server.ts';

interface Pair {
  readonly key: string;
  readonly value: string;
}

interface Point {
  readonly key: string;
  readonly value: number;
  readonly step?: number;
  readonly timestamp: number;
}

interface Run {
  readonly info: { readonly run_id: string; readonly run_name: string; readonly status: string; readonly start_time: number; readonly end_time?: number };
  readonly data: { readonly metrics?: readonly Point[]; readonly params?: readonly Pair[]; readonly tags?: readonly Pair[] };
}

/** Everything that a server holds of one run, in an order of its own; ids left out, since they are drawn by lot. */
export interface ReadBack {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly start: number;
  readonly end: number | undefined;
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Every point that was ever logged, by key: `[step, value]`; of more than a hundred keys the last point, but for some whose history is asked for. */
  readonly metrics: Readonly<Record<string, readonly (readonly [number, number])[]>>;
  /** Sizes of files, by path. */
  readonly files: Readonly<Record<string, number>>;
}

export async function experimentId(server: TrackingServer, name: string): Promise<string> {
  return (await server.api<{ experiment: { experiment_id: string } }>(`experiments/get-by-name?experiment_name=${name}`)).experiment.experiment_id;
}

/** All runs of an experiment, by name. */
export async function readBack(server: TrackingServer, experiment: string): Promise<readonly ReadBack[]> {
  const { runs = [] } = await server.api<{ runs?: readonly Run[] }>('runs/search', { experiment_ids: [await experimentId(server, experiment)], max_results: 1000 });
  const read: ReadBack[] = [];
  for (const run of [...runs].sort((a, b) => (a.info.run_name < b.info.run_name ? -1 : 1))) read.push(await readRun(server, run));
  return read;
}

async function readRun(server: TrackingServer, { info, data }: Run): Promise<ReadBack> {
  const metrics: Record<string, (readonly [number, number])[]> = {};
  for (const [i, { key, step = 0, value }] of (data.metrics ?? []).entries()) metrics[key] = i % 100 === 0 || (data.metrics?.length ?? 0) <= 100 || step > 0 ? await historyOf(server, info.run_id, key) : [[step, value]];
  return { id: info.run_id, name: info.run_name, status: info.status, start: info.start_time, end: info.end_time, params: byKey(data.params), tags: byKey(data.tags), metrics, files: Object.fromEntries(await filesBelow(server, info.run_id, '')) };
}

async function historyOf(server: TrackingServer, run: string, key: string): Promise<(readonly [number, number])[]> {
  const { metrics } = await server.api<{ metrics: readonly Point[] }>(`metrics/get-history?${new URLSearchParams({ run_id: run, metric_key: key }).toString()}`);
  return metrics.map(({ step = 0, value }) => [step, value] as const).sort(([a], [b]) => a - b);
}

async function filesBelow(server: TrackingServer, run: string, path: string): Promise<readonly (readonly [string, number])[]> {
  const { files = [] } = await server.api<{ files?: readonly { path: string; is_dir: boolean; file_size?: number }[] }>(`artifacts/list?${new URLSearchParams({ run_id: run, path }).toString()}`);
  const found: (readonly [string, number])[] = [];
  for (const file of files) {
    if (file.is_dir) found.push(...(await filesBelow(server, run, file.path)));
    else found.push([file.path, file.file_size ?? 0]);
  }
  return found.sort(([a], [b]) => (a < b ? -1 : 1));
}

function byKey(pairs: readonly Pair[] = []): Readonly<Record<string, string>> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
}
