import type { Command } from 'commander';
import { machineJson, wholeNumber } from './bench-options.ts';
import { Console } from './console.ts';

interface RegistryOptions {
  readonly runs: number;
  readonly metrics: number;
  readonly times: number;
  readonly json?: boolean;
}

/** `bench registry`: how fast the commands that look at runs answer, with many runs in the record. */
export function addRegistry(bench: Command): void {
  bench
    .command('registry')
    .description('write a record of many runs and time the commands that read it')
    .option('--runs <count>', 'so many runs', wholeNumber, 10_000)
    .option('--metrics <count>', 'metric rows of each', wholeNumber, 100)
    .option('--times <count>', 'how often each command runs; the median one counts', wholeNumber, 5)
    .option('--project <dir>', 'the project, where it is not the folder of run.sh')
    .option('--json', 'one object on stdout')
    .action(benchRegistry);
}

async function benchRegistry(options: RegistryOptions): Promise<void> {
  const [bench, { machine, machineLine }, { textTable }] = await Promise.all([import('../bench/registry.ts'), import('../bench/machine.ts'), import('../report/text-table.ts')]);
  const console = new Console({ quiet: false });
  const facts = machine();
  const { runs, metrics, times } = options;
  const figures = await bench.benchRegistry({ runs, metrics, times, project: process.env['NIGHTSHIFT_PROJECT'] ?? '', progress: (text) => console.progress(text) });
  if (options.json === true) {
    const { metricRows, megabytes, secondsToWrite, commands } = figures;
    process.stdout.write(`${JSON.stringify({ machine: machineJson(facts), runs, metric_rows: metricRows, megabytes, seconds_to_write: secondsToWrite, commands })}\n`);
    return;
  }
  const lines = [machineLine(facts), `${runs} runs, ${figures.metricRows} metric rows, ${figures.megabytes.toFixed(0)} MB, written in ${figures.secondsToWrite.toFixed(0)} s`, ...textTable([['', 's'], ...figures.commands.map(({ command, seconds }) => [command, seconds.toFixed(2)])])];
  process.stdout.write(`${lines.join('\n')}\n`);
}
