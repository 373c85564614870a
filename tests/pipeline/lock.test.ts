import { fork } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { heldSince, isHeld, takeLock } from '../../src/pipeline/lock.ts';
import { ROOT } from '../support/job.ts';
import { errorOf, withFolder } from '../contract/warehouses.ts';

test('a lock that is held is refused to others at once, with its holder', async () => {
  await withFolder(async (folder) => {
    const lock = await takeLock(folder, 'run', 0);
    const error = await errorOf(takeLock(folder, 'run', 0));
    expect(error).toMatchObject({ code: 'locked', exitCode: 5 });
    expect(error.details.found).toMatch(new RegExp(`^held by process ${process.pid} since \\d{4}-`));
    lock.release();
    (await takeLock(folder, 'run', 0)).release();
  });
});

test('locks of other names and of other folders are others', async () => {
  await withFolder(async (folder) => {
    const locks = [await takeLock(folder, 'run', 0), await takeLock(folder, 'step', 0), await takeLock(join(folder, 'made/for it'), 'run', 0)];
    for (const lock of locks) lock.release();
  });
});

test('who waits gets the lock when it is released', async () => {
  await withFolder(async (folder) => {
    const start = performance.now();
    await holderOf(folder, 400);
    const lock = await takeLock(folder, 'run', 20);
    expect(performance.now() - start).toBeGreaterThan(200);
    lock.release();
  });
});

test('a lock goes with its holder, however that dies', async () => {
  await withFolder(async (folder) => {
    const holder = await holderOf(folder);
    const error = await errorOf(takeLock(folder, 'run', 0));
    expect(error.details.found).toContain(`process ${holder.pid}`);
    await holder.kill();
    (await takeLock(folder, 'run', 0)).release();
    expect(JSON.parse(readFileSync(join(folder, 'run.lock.json'), 'utf8'))).toMatchObject({ pid: process.pid });
  });
});

test('whether a lock is held can be seen without taking it, and nobody is refused for the look', async () => {
  await withFolder(async (folder) => {
    expect([await isHeld(folder, 'run'), existsSync(join(folder, 'run.lock'))]).toEqual([false, false]);
    const holder = await holderOf(folder);
    expect([await isHeld(folder, 'run'), await heldSince(folder, 'run')]).toEqual([true, 'then']);
    await holder.kill();
    expect([await isHeld(folder, 'run'), await heldSince(folder, 'run')]).toEqual([false, undefined]);
    (await takeLock(folder, 'run', 0)).release();
  });
});

test('a folder that cannot be made is said', async () => {
  await withFolder(async (folder) => {
    writeFileSync(join(folder, 'file'), '');
    const error = await errorOf(takeLock(join(folder, 'file'), 'run', 0));
    expect(error.details.where).toContain('file');
  });
});

/** Another process that takes the lock and keeps it until it is killed, or for some milliseconds. */
function holderOf(folder: string, milliseconds = 60_000): Promise<{ readonly pid: number | undefined; kill(): Promise<void> }> {
  const script = join(folder, 'hold.mjs');
  writeFileSync(
    script,
    `import { createRequire } from 'node:module';
const Database = createRequire(${JSON.stringify(join(ROOT, 'package.json'))})('better-sqlite3');
import { writeFileSync } from 'node:fs';
const database = new Database(${JSON.stringify(join(folder, 'run.lock'))});
database.exec('BEGIN EXCLUSIVE');
writeFileSync(${JSON.stringify(join(folder, 'run.lock.json'))}, JSON.stringify({ pid: process.pid, since: 'then' }));
process.send('held');
setTimeout(() => database.close(), ${milliseconds});`,
  );
  const child = fork(script, [], { execArgv: [] });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  const kill = (): Promise<void> => {
    child.kill('SIGKILL');
    return gone;
  };
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('message', () => resolve({ pid: child.pid, kill }));
  });
}
