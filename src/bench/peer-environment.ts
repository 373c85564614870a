import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { NightshiftError, codeOf, messageOf } from '../shared/errors.ts';
import { fileError, readJsonFile, writeFileWhole } from '../shared/files.ts';
import { lastWords, runProgram } from './program.ts';

/** What is measured against, and what it needs to be read into. Another list means making the environment again. */
const PACKAGES = ['lightgbm==4.7.0', 'numpy', 'pandas'];
/** Names a Python with LightGBM and pandas, to be used instead of the bench's own. */
const OWN_PYTHON = 'NIGHTSHIFT_PEER_PYTHON';

/**
 * A Python that has LightGBM: the one that NIGHTSHIFT_PEER_PYTHON names, or that of a virtual environment under .cache/peer, which is
 * made where it is not there or not whole. Throws `bench-peer-missing` with what to do.
 */
export async function peerPython(say: (text: string) => void): Promise<string> {
  if (process.platform === 'win32') throw missing({ found: 'Windows', fix: 'run it on Linux or macOS, or leave --peer out' });
  const named = process.env[OWN_PYTHON] ?? '';
  if (named !== '') return requireLightgbm(named, `let ${OWN_PYTHON} name a Python with lightgbm and pandas, or unset it to have an environment made`);
  const folder = join(process.env['NIGHTSHIFT_ROOT'] ?? '', '.cache', 'peer');
  const python = join(folder, 'bin', 'python');
  const made = readJsonFile(join(folder, 'made.json')) as { readonly packages: string } | undefined;
  const packages = PACKAGES.join(' ');
  if (made?.packages !== packages) {
    await make(folder, say);
    writeFileWhole(join(folder, 'made.json'), JSON.stringify({ packages }));
  }
  return requireLightgbm(python, `remove ${folder} to have it made again; on Debian and Ubuntu LightGBM needs the package libgomp1`);
}

/** Only a whole environment is marked as made; a torn one is made again. */
async function make(folder: string, say: (text: string) => void): Promise<void> {
  say(`making a Python environment for the peer in ${folder}`);
  try {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw fileError(folder, cause);
  }
  await run('python3', ['-m', 'venv', folder], 'install Python 3 with venv (Debian, Ubuntu: apt-get install python3 python3-venv)');
  say(`installing ${PACKAGES.join(', ')} from PyPI into it`);
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--only-binary=:all:', ...PACKAGES];
  await run(join(folder, 'bin', 'python'), install, 'give this machine a way to PyPI or to a mirror of it (pip config set global.index-url …), and a Python for which the packages have wheels');
}

async function requireLightgbm(python: string, fix: string): Promise<string> {
  await run(python, ['-c', 'import lightgbm, numpy, pandas'], fix);
  return python;
}

/** Runs a command to its end; `bench-peer-missing` with the end of its errors where it fails. */
async function run(command: string, args: readonly string[], fix: string): Promise<void> {
  const ended = await runProgram(command, args).catch((cause: unknown) => {
    throw missing({ where: command, found: codeOf(cause) === 'ENOENT' ? 'no such program' : messageOf(cause), fix });
  });
  if (ended.code !== 0) throw missing({ where: [command, ...args].join(' '), found: lastWords(ended), fix });
}

function missing(details: { readonly where?: string; readonly found: string; readonly fix: string }): NightshiftError {
  return new NightshiftError({ code: 'bench-peer-missing', what: 'LightGBM, which --peer measures beside us, cannot be run', expected: 'Python 3 with lightgbm and pandas', ...details });
}
