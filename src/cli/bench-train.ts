import { type Command, InvalidArgumentError, Option } from 'commander';
import type { SpeedBackend } from '../bench/speed.ts';
import { ExitCode } from '../shared/errors.ts';
import { machineJson, wholeNumber } from './bench-options.ts';
import { Console } from './console.ts';

interface TrainOptions {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
  readonly families: readonly string[];
  readonly backend: SpeedBackend | 'both';
  readonly rounds?: number;
  readonly peer?: boolean;
  readonly json?: boolean;
}

/** `bench train`: how fast each family trains and predicts on the job's own rows. */
export function addTrain(bench: Command): void {
  bench
    .command('train')
    .description('train and predict on the job’s own rows with fixed work, and print rows/s, time and memory of each family and backend')
    .option('--rows <counts>', 'numbers of rows, with the job’s own features', wholeNumbers, [100_000, 1_000_000])
    .option('--columns <counts>', 'numbers of features, with the least of these numbers of rows; none to leave them out', wholeNumbers, [12, 24, 96])
    .option('--families <names>', 'the families to train, with commas between; all but the blend unless said', (value: string) => value.split(','), [])
    .addOption(new Option('--backend <name>', 'what computes networks').choices(['wasm', 'native', 'both']).default('both'))
    .option('--rounds <count>', 'epochs or trees; 2 or 100 unless said', wholeNumber)
    .option('--peer', 'LightGBM beside them, on the same rows')
    .option('--project <dir>', 'the project, where it is not the folder of run.sh')
    .option('--json', 'one object on stdout')
    .action(benchTrain);
}

async function benchTrain(options: TrainOptions): Promise<void> {
  const [{ benchSpeed }, { machine, machineLine }, { speedLines }, { speedJson }] = await Promise.all([import('../bench/speed.ts'), import('../bench/machine.ts'), import('../bench/speed-text.ts'), import('../bench/speed-json.ts')]);
  const console = new Console({ quiet: false });
  const facts = machine();
  const { rows, columns, families, backend, rounds, peer = false } = options;
  const report = await benchSpeed({ rows, columns, families, rounds, peer, backends: backend === 'both' ? [] : [backend], project: process.env['NIGHTSHIFT_PROJECT'] ?? '', progress: (text) => console.progress(text), line: (text) => console.line(text) });
  if (options.json === true) process.stdout.write(`${JSON.stringify({ machine: machineJson(facts), ...speedJson(report) })}\n`);
  else [machineLine(facts), '', ...speedLines(report)].forEach((line) => process.stdout.write(`${line}\n`));
  for (const { family, backend: on, size, error } of report.speeds) {
    if (error === undefined) continue;
    console.always(`${family} ${on}, ${size.name}: ${error.message}`);
    process.exitCode = ExitCode.failed;
  }
}

function wholeNumbers(value: string): readonly number[] {
  if (value === 'none') return [];
  const numbers = value.split(',').map(Number);
  if (!numbers.every((number) => Number.isInteger(number) && number > 0)) throw new InvalidArgumentError('Expected whole numbers with commas between, such as 100000,1000000.');
  return numbers;
}
