import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { projectFile } from '../../shared/bundle.ts';
import { NightshiftError } from '../../shared/errors.ts';
import { writeFileWhole } from '../../shared/files.ts';
import type { StepContext } from '../context.ts';

export interface JestResult {
  readonly passed: boolean;
  readonly message: string | null;
  readonly seconds: number;
}

interface JestReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly startTime: number;
    readonly endTime: number;
    readonly assertionResults: readonly { readonly status: string; readonly title: string; readonly failureMessages: readonly string[] }[];
  }[];
}

/** Scoring a million fresh rows again takes longer than the five seconds that Jest gives a test. */
const TEST_TIMEOUT_MS = 600_000;

/** Runs some of the step's bundled Jest tests in a process of its own; results by test name. Throws `jest-failed` where Jest itself does. */
export async function runJest(step: StepContext, names: readonly string[]): Promise<ReadonlyMap<string, JestResult>> {
  const report = join(step.work, 'jest.json');
  const config = join(step.work, 'jest.config.json');
  const root = process.env['NIGHTSHIFT_ROOT'] ?? '';
  const runner = join(root, 'node_modules/jest/bin/jest.js');
  const files = names.map((name) => projectFile('steps', step.run.step, `${name}.test.mjs`));
  rmSync(report, { force: true });
  writeFileWhole(config, JSON.stringify({ rootDir: projectFile(), testRegex: ['\\.test\\.mjs$'], moduleFileExtensions: ['mjs', 'js', 'json', 'node'], transform: {}, testEnvironment: 'node', haste: { retainAllFiles: true }, watchman: false, cache: false, testTimeout: TEST_TIMEOUT_MS }));
  const args = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', runner, '--config', config, '--runInBand', '--json', '--outputFile', report, '--runTestsByPath', ...files];
  // Jest looks for a configuration upwards from where it stands, even when it is given one.
  const talk = await runNode(args, { cwd: root, env: { ...process.env, NIGHTSHIFT_CONTEXT: join(step.work, `${step.run.step}.context.json`) } });
  return readReport(report, talk);
}

function runNode(args: readonly string[], { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv }): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
    const pieces: Buffer[] = [];
    child.stderr.on('data', (piece: Buffer) => pieces.push(piece));
    child.once('error', reject);
    child.once('close', () => resolve(Buffer.concat(pieces).toString()));
  });
}

function readReport(file: string, talk: string): ReadonlyMap<string, JestResult> {
  let report: JestReport;
  try {
    report = JSON.parse(readFileSync(file, 'utf8')) as JestReport;
  } catch (cause) {
    throw new NightshiftError({ code: 'jest-failed', what: 'Jest ended without a report', found: talk.slice(-2000), cause });
  }
  return new Map(report.testResults.map((result): [string, JestResult] => [basename(result.name, '.test.mjs'), resultOf(result)]));
}

function resultOf({ status, message, startTime, endTime, assertionResults }: JestReport['testResults'][number]): JestResult {
  const failed = assertionResults.find((one) => one.status === 'failed');
  const passed = status === 'passed' && assertionResults.some((one) => one.status === 'passed');
  const said = failed === undefined ? message : `${failed.title}: ${failed.failureMessages[0] ?? ''}`;
  return { passed, message: passed ? null : plain(said) || 'no test in the file', seconds: (endTime - startTime) / 1000 };
}

/** The first lines of Jest's words, without colours and stack. */
function plain(text: string): string {
  const lines = text.replaceAll(new RegExp(String.raw`\u001b\[[0-9;]*m`, 'g'), '').split('\n');
  return lines.filter((line) => line.trim() !== '' && !/^\s+at /.test(line)).slice(0, 12).map((line) => line.trim()).join(' ');
}
