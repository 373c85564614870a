import type { Machine } from '../bench/machine.ts';

export { collected as repeated, wholeNumber } from './options.ts';

/** The machine with the names that `--json` uses. */
export function machineJson({ cores, cpu, memoryGb, platform, node, load }: Machine): object {
  return { cores, cpu, memory_gb: memoryGb, platform, node, load_before: load };
}
