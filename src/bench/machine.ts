import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

/** What figures depend on and a reader has to know. Nothing that names the machine. */
export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly memoryGb: number;
  readonly platform: string;
  readonly node: string;
  /** Others' work at the start, in cores kept busy over the last minute. */
  readonly load: number;
}

export function machine(): Machine {
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}

export function machineLine({ cores, cpu, memoryGb, platform, node, load }: Machine): string {
  return `${cores} cores, ${cpu}, ${memoryGb} GB, ${platform}, Node ${node}; load before: ${load}`;
}
