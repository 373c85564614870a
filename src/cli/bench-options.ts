import { InvalidArgumentError } from 'commander';
import type { Machine } from '../bench/machine.ts';

export function wholeNumber(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('Expected a whole number from 1 on.');
  return number;
}

/** Collects an option that may be repeated. */
export function repeated(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

/** The machine with the names that `--json` uses. */
export function machineJson({ cores, cpu, memoryGb, platform, node, load }: Machine): object {
  return { cores, cpu, memory_gb: memoryGb, platform, node, load_before: load };
}
