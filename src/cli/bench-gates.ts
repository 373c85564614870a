import type { Command } from 'commander';
import { machineJson, wholeNumber } from './bench-options.ts';
import { Console } from './console.ts';

interface GatesOptions {
  readonly pairs: number;
  readonly equalPairs: number;
  readonly json?: boolean;
}

/** `bench gates`: how often gates refuse equal models, and how often they find worse ones. */
export function addGates(bench: Command): void {
  bench
    .command('gates')
    .description('measure the false alarms of gates on equal models, and their power on worse ones')
    .option('--pairs <count>', 'pairs of models for each line; a fifth of them at 100,000 rows', wholeNumber, 50)
    .option('--equal-pairs <count>', 'pairs of equal models, below 100,000 rows', wholeNumber, 200)
    .option('--json', 'one object on stdout')
    .action(benchGatesCommand);
}

async function benchGatesCommand({ pairs, equalPairs, json }: GatesOptions): Promise<void> {
  const [{ benchGates }, { machine, machineLine }, { gatesJson, gatesLines }] = await Promise.all([import('../bench/gates.ts'), import('../bench/machine.ts'), import('../bench/gates-text.ts')]);
  const console = new Console({ quiet: false });
  const facts = machine();
  const lines = await benchGates({ pairs, equalPairs, progress: (text) => console.line(text) });
  if (json === true) process.stdout.write(`${JSON.stringify({ machine: machineJson(facts), lines: lines.map(gatesJson) })}\n`);
  else [machineLine(facts), '', ...gatesLines(lines)].forEach((line) => process.stdout.write(`${line}\n`));
}
