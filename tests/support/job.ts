import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout that is tested. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface JobResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface JobOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Is given the process once it runs. */
  readonly during?: (child: ChildProcess) => void;
}

/** Runs the real program as a user does, in a process of its own. */
export function runJob(args: readonly string[], { env = {}, cwd = ROOT, during }: JobOptions = {}): Promise<JobResult> {
  return new Promise((resolve, reject) => {
    const inherited = { ...process.env };
    delete inherited['NODE_OPTIONS'];
    const child = spawn(process.execPath, [join(ROOT, 'src/launch.mjs'), ...args], { cwd, env: { ...inherited, ...env } });
    during?.(child);
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (piece: Buffer) => out.push(piece));
    child.stderr.on('data', (piece: Buffer) => err.push(piece));
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }));
  });
}

/** The one object of `--json`. */
export interface NightJson {
  readonly run_id: string;
  readonly as_of: string;
  readonly status: string;
  readonly steps: readonly { readonly name: string; readonly status: string; readonly seconds: number; readonly rows: number | null; readonly peak_mb: number | null }[];
  readonly metrics: { readonly test?: Readonly<Record<string, number | null>> };
  readonly model: { readonly family: string; readonly folder: string; readonly run: string } | null;
  readonly scores: { readonly table: string; readonly file: string; readonly rows: number } | null;
  readonly exit_code: number;
  readonly error?: { readonly code: string; readonly what: string; readonly where?: string; readonly found?: string; readonly expected?: string; readonly fix?: string };
}

/** Runs a night with `--json` and reads its object. */
export async function runNightJson(args: readonly string[], options: JobOptions = {}): Promise<NightJson & { readonly code: number | null; readonly stderr: string }> {
  const { code, stdout, stderr } = await runJob([...args, '--json'], options);
  if (stdout.trim() === '') throw new Error(`no object on stdout; stderr: ${stderr}`);
  return { ...(JSON.parse(stdout) as NightJson), code, stderr };
}

/** A folder of its own, with a space in its name. */
export function temporaryFolder(name: string): string {
  return realpathSync(mkdtempSync(join(tmpdir(), `nightshift ${name} `)));
}

const making = new Map<string, Promise<string>>();

/** A folder that tests copy from. Once it is there nobody makes it again; it goes with the tests' temporary files. */
export function madeOnce(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const made = making.get(name) ?? makeUnlessThere(name, make);
  making.set(name, made);
  return made;
}

async function makeUnlessThere(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const shared = join(tmpdir(), `made once ${name}`);
  if (existsSync(shared)) return shared;
  const folder = temporaryFolder(name);
  await make(folder);
  try {
    renameSync(folder, shared);
  } catch (error) {
    // Another test file has made it meanwhile.
    if (!existsSync(shared)) throw error;
    rmSync(folder, { recursive: true });
  }
  return shared;
}

/** Takes a project's Jest tests of its batches away: their start is a second of each night, which a suite about something else need not pay. */
export function dropBatchJest(project: string): void {
  const folder = join(project, 'steps/06-test');
  for (const file of readdirSync(folder)) if (file.endsWith('.test.ts')) rmSync(join(folder, file));
}

/** Gives a project that `init` made three seconds of training instead of a minute, where it matters that it runs and not how well it predicts. */
export function shortenBudget(project: string): void {
  const file = join(project, 'pipeline.yaml');
  const short = readFileSync(file, 'utf8').replace('model: {family: auto}', 'model: {family: auto, budget: 3s}');
  if (!short.includes('budget: 3s')) throw new Error(`${file} has no model of the family auto`);
  writeFileSync(file, short);
}
