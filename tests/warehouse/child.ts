import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '../..');

/** Another process that has a warehouse open. */
export interface Child {
  readonly process: ChildProcessByStdio<Writable, Readable, null>;
  /** Waits for a line that the process says. */
  readonly heard: (text: string | RegExp) => Promise<void>;
  /** Kills it as `kill -9` does, and waits until it is gone. */
  readonly kill: () => Promise<void>;
}

let bundle: Promise<string> | undefined;

/** Node cannot run TypeScript in every version that we serve. */
async function bundled(): Promise<string> {
  const outdir = join(ROOT, '.cache/tests', `warehouse-child-${process.pid}`);
  await build({
    entryPoints: [join(import.meta.dirname, 'child-main.ts')],
    outdir, outExtension: { '.js': '.mjs' }, bundle: true, splitting: true, packages: 'external', platform: 'node', format: 'esm', logLevel: 'silent',
  });
  return join(outdir, 'child-main.mjs');
}

export async function startChild(act: 'publish' | 'load' | 'hold', kind: string, file: string): Promise<Child> {
  bundle ??= bundled();
  const child = spawn(process.execPath, [await bundle, act, kind, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const gone = once(child, 'exit');
  const heard = async (text: string | RegExp) => {
    while (!lines.some((line) => (typeof text === 'string' ? line === text : text.test(line)))) {
      const ended = await Promise.race([once(reader, 'line').then(() => false), gone.then(() => true)]);
      if (ended) throw new Error(`the process ended after saying ${lines.join(', ')}`);
    }
  };
  const kill = async () => {
    child.kill('SIGKILL');
    await gone;
  };
  return { process: child, heard, kill };
}
