import { join } from 'node:path';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { runProgram } from './program.ts';

export interface Launched {
  /** The one object of `--json`. */
  readonly json: unknown;
  readonly wallSeconds: number;
}

/** Runs this program as `run.sh` does, from its start to its end, with `--json`. Throws `bench-failed` with the end of what it said. */
export async function launch(args: readonly string[]): Promise<Launched> {
  const start = performance.now();
  const { code, out, err } = await runProgram(process.execPath, [join(process.env['NIGHTSHIFT_ROOT'] ?? '', 'src/launch.mjs'), ...args, '--json']);
  const wallSeconds = (performance.now() - start) / 1000;
  // Also a night whose model was refused did all of its work.
  if (code === ExitCode.done || code === ExitCode.refused) return { json: JSON.parse(out), wallSeconds };
  throw new NightshiftError({ code: 'bench-failed', what: `${args[0] ?? ''} ended with exit code ${code}`, where: `run.sh ${args.join(' ')}`, found: err.trim().split('\n').slice(-12).join('\n') });
}
