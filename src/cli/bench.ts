import { type Command, Option } from 'commander';
import type { Kind, Size } from '../bench/night.ts';
import { machineJson, repeated, wholeNumber } from './bench-options.ts';
import { addGates } from './bench-gates.ts';
import { addQuality } from './bench-quality.ts';
import { addRegistry } from './bench-registry.ts';
import { addScoreBench } from './bench-score.ts';
import { addTrain } from './bench-train.ts';
import { Console } from './console.ts';

interface BenchNightOptions {
  readonly size: Size | 'both';
  readonly warehouse: Kind | 'both';
  readonly runs: number;
  readonly set: readonly string[];
  readonly keep?: boolean;
  readonly json?: boolean;
}

/** `bench`, for those who work on the engine (`npm run bench`): what the night costs, how good its models are, how fast they train and score, how often its gates err. */
export function addBench(program: Command): void {
  const bench = program.command('bench', { hidden: true }).description('measure the engine');
  bench
    .command('night', { isDefault: true })
    .description('run the night and print rows/s, time and memory of every step')
    .addOption(new Option('--size <size>', 'how much of the sample').choices(['default', 'full', 'both']).default('both'))
    .addOption(new Option('--warehouse <kind>', 'in which warehouse').choices(['sqlite', 'duckdb', 'both']).default('both'))
    .option('--runs <count>', 'nights of each kind; the median one counts', wholeNumber, 1)
    .option('--set <key=value>', 'override a key of pipeline.yaml; may be repeated', repeated, [])
    .option('--keep', 'leave the state folders')
    .option('--project <dir>', 'the project, where it is not the folder of run.sh')
    .option('--json', 'one object on stdout')
    .action(benchNights);
  addQuality(bench);
  addTrain(bench);
  addGates(bench);
  addRegistry(bench);
  addScoreBench(bench);
  bench
    .command('fit <file>', { hidden: true })
    .description('one training, asked for by another process')
    .action(async (file: string) => (await import('./bench-fit.ts')).benchFit(file));
  for (const command of bench.commands) command.helpOption('--help', 'print this help').exitOverride();
}

async function benchNights(options: BenchNightOptions): Promise<void> {
  const [{ benchNight }, { machine, machineLine }, { nightJson, nightLines }] = await Promise.all([import('../bench/night.ts'), import('../bench/machine.ts'), import('../bench/night-text.ts')]);
  const console = new Console({ quiet: false });
  const print = (line: string): void => void (options.json === true || process.stdout.write(`${line}\n`));
  const facts = machine();
  print(machineLine(facts));
  const nights: object[] = [];
  for (const size of options.size === 'both' ? (['default', 'full'] as const) : [options.size]) {
    for (const warehouse of options.warehouse === 'both' ? (['sqlite', 'duckdb'] as const) : [options.warehouse]) {
      const { runs, set, keep = false } = options;
      const figures = await benchNight({ warehouse, size, runs, set, keep, project: process.env['NIGHTSHIFT_PROJECT'] ?? '', progress: (text) => console.progress(text) });
      ['', ...nightLines(figures), ...(figures.state === null ? [] : [`kept: ${figures.state}`])].forEach(print);
      nights.push(nightJson(figures));
    }
  }
  if (options.json === true) process.stdout.write(`${JSON.stringify({ machine: machineJson(facts), nights })}\n`);
}
