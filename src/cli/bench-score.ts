import { type Command, Option } from 'commander';
import type { Kind } from '../bench/night.ts';
import type { ScoringFigures } from '../bench/scoring.ts';
import { machineJson, wholeNumber } from './bench-options.ts';
import { Console, count } from './console.ts';

interface ScoreBenchOptions {
  readonly rows: number;
  readonly family: 'linear' | 'gbdt' | 'both';
  readonly warehouse: Kind | 'both';
  readonly json?: boolean;
}

/** `bench score`: how fast a file is scored on demand, and in how much memory. */
export function addScoreBench(bench: Command): void {
  bench
    .command('score')
    .description('score a CSV file of so many rows, its features made by SQL, and print rows/s, seconds by phase and memory')
    .option('--rows <count>', 'rows of the file', wholeNumber, 1_000_000)
    .addOption(new Option('--family <name>', 'whose model').choices(['linear', 'gbdt', 'both']).default('both'))
    .addOption(new Option('--warehouse <kind>', 'in which warehouse').choices(['sqlite', 'duckdb', 'both']).default('both'))
    .option('--json', 'one object on stdout')
    .action(benchScore);
}

async function benchScore({ rows, family, warehouse, json }: ScoreBenchOptions): Promise<void> {
  const [{ benchScoring }, { machine, machineLine }, { textTable }] = await Promise.all([import('../bench/scoring.ts'), import('../bench/machine.ts'), import('../report/text-table.ts')]);
  const console = new Console({ quiet: false });
  const facts = machine();
  const figures = await benchScoring({ rows, families: family === 'both' ? ['linear', 'gbdt'] : [family], warehouses: warehouse === 'both' ? ['sqlite', 'duckdb'] : [warehouse], progress: (text) => console.line(text) });
  if (json === true) process.stdout.write(`${JSON.stringify({ machine: machineJson(facts), scorings: figures.map(scoringJson) })}\n`);
  else process.stdout.write(`${[machineLine(facts), '', ...textTable(tableOf(figures), '  ', 2)].join('\n')}\n`);
}

function tableOf(figures: readonly ScoringFigures[]): readonly (readonly string[])[] {
  const phases = Object.keys(figures[0]?.seconds ?? {});
  const header = ['warehouse', 'family', 'rows', 'MB', 'rows/s', 'wall s', 'CPU s', 'peak MB', ...phases.map((phase) => `${phase} s`)];
  return [header, ...figures.map((one) => [one.warehouse, one.family, count(one.rows), one.megabytes.toFixed(0), count(rowsPerSecond(one)), one.wallSeconds.toFixed(2), one.cpuSeconds.toFixed(2), one.peakMb.toFixed(0), ...phases.map((phase) => (one.seconds[phase] ?? 0).toFixed(2))])];
}

function scoringJson(one: ScoringFigures): object {
  const { warehouse, family, rows, megabytes, wallSeconds, cpuSeconds, peakMb, seconds } = one;
  return { warehouse, family, rows, megabytes, rows_per_second: Math.round(rowsPerSecond(one)), wall_seconds: wallSeconds, cpu_seconds: cpuSeconds, peak_mb: peakMb, seconds };
}

function rowsPerSecond({ rows, wallSeconds }: ScoringFigures): number {
  return rows / wallSeconds;
}
