// Plain JavaScript, run by `npm run native`: builds the optional package tensorflow-native where npm could not install it, since
// the library that it downloads is not to be had everywhere. The library comes out of TensorFlow's Python wheel instead.
// Linux on x64 and arm64. Changes nothing but node_modules/tensorflow-native; run again, it sees that all is there.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const target = join(modules, 'tensorflow-native');

const BINDING = '@tensorflow/tfjs-node@4.22.0';
const BUILD_TOOL = 'node-gyp@11.4.2';
const LIBRARY_VERSION = '2.18.0';
/** What the binding is built of; another recipe means building again. */
const RECIPE = `${BINDING} on TensorFlow ${LIBRARY_VERSION}, napi 8`;
/** By processor: the wheel that holds TensorFlow for CPUs, and pip's names for the platform. */
const WHEELS = {
  x64: { name: 'tensorflow-cpu', platforms: ['manylinux2014_x86_64', 'manylinux_2_17_x86_64'] },
  arm64: { name: 'tensorflow', platforms: ['manylinux2014_aarch64', 'manylinux_2_17_aarch64'] },
};

/** Takes the wheel's headers and two libraries out, given the wheel and a folder: Python's own zipfile, since unzip may be missing. */
const UNPACK = `
import sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
wanted = ('tensorflow/include/', 'tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2')
wheel.extractall(sys.argv[2], [name for name in wheel.namelist() if name.startswith(wanted)])
`;

class Refusal extends Error {}

try {
  main();
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

function main() {
  const wheel = WHEELS[process.arch];
  if (process.platform !== 'linux' || wheel === undefined) {
    throw new Refusal(`npm run native builds on Linux (x64, arm64) only; this is ${process.platform} ${process.arch}.\nElsewhere npm installs tensorflow-native by itself where it can, and Nightshift trains on WASM where it cannot.`);
  }
  if (!process.argv.includes('--force') && works(target)) {
    say('tensorflow-native is there and loads: nothing to do (--force builds it again)');
    return;
  }
  if (!existsSync(modules)) throw new Refusal('There is no node_modules yet: run ./install.sh first.');
  const python = requireTools();
  const scratch = mkdtempSync(join(tmpdir(), 'nightshift-native-'));
  const staged = join(modules, `.tensorflow-native-${process.pid}`);
  try {
    fetchPackages(scratch, staged);
    fetchLibrary({ python, wheel, scratch, staged });
    compile(scratch, staged, python);
    put(staged);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    rmSync(staged, { recursive: true, force: true });
  }
}

/** Finds what the build needs before anything is downloaded; gives the Python that has pip. */
function requireTools() {
  const python = ['python3', 'python'].find((name) => succeeds(name, ['-c', 'import sys; sys.exit(sys.version_info < (3, 8))']));
  if (python === undefined) throw new Refusal('Python 3.8 or later is needed (python3), and was not found. Debian, Ubuntu: apt-get install python3 python3-pip');
  if (!succeeds(python, ['-m', 'pip', '--version'])) throw new Refusal(`${python} has no pip, which fetches the TensorFlow library. Debian, Ubuntu: apt-get install python3-pip`);
  for (const tool of ['make', process.env['CXX'] ?? 'g++']) {
    if (!succeeds(tool, ['--version'])) throw new Refusal(`A C++ compiler and make are needed, and ${tool} was not found. Debian, Ubuntu: apt-get install build-essential`);
  }
  return python;
}

/** The binding's package with those of its dependencies that the project has not, and the build tool. No install scripts run. */
function fetchPackages(scratch, staged) {
  say(`fetching ${BINDING} and ${BUILD_TOOL}`);
  install(join(scratch, 'binding'), `tensorflow-native@npm:${BINDING}`);
  install(join(scratch, 'tool'), BUILD_TOOL);
  const fetched = join(scratch, 'binding', 'node_modules');
  cpSync(join(fetched, 'tensorflow-native'), staged, { recursive: true });
  for (const name of packagesIn(fetched)) {
    if (name === 'tensorflow-native' || versionOf(join(fetched, name)) === versionOf(join(modules, name))) continue;
    cpSync(join(fetched, name), join(staged, 'node_modules', name), { recursive: true });
  }
}

function install(folder, what) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private": true}\n');
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', what], { cwd: folder, fix: 'npm could not fetch it from its registry.' });
}

function packagesIn(folder) {
  const names = readdirSync(folder).filter((name) => !name.startsWith('.'));
  return names.flatMap((name) => (name.startsWith('@') ? readdirSync(join(folder, name)).map((inner) => `${name}/${inner}`) : [name]));
}

function versionOf(folder) {
  const file = join(folder, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : undefined;
}

/** Headers and the two libraries out of the wheel, under the names that the binding links to. */
function fetchLibrary({ python, wheel, scratch, staged }) {
  say(`fetching the library: the wheel ${wheel.name} ${LIBRARY_VERSION} of PyPI, some 230 MB`);
  const platforms = wheel.platforms.flatMap((platform) => ['--platform', platform]);
  const options = ['--no-deps', '--only-binary=:all:', '--python-version', '311', ...platforms, '--disable-pip-version-check', '--quiet'];
  run(python, ['-m', 'pip', 'download', ...options, '--dest', scratch, `${wheel.name}==${LIBRARY_VERSION}`], { fix: 'pip could not fetch the wheel. Has this machine a way to PyPI or to a mirror of it (pip config set global.index-url …)?' });
  say('unpacking its headers and libraries');
  const file = join(scratch, readdirSync(scratch).find((name) => name.endsWith('.whl')));
  run(python, ['-c', UNPACK, file, scratch], { fix: 'The wheel could not be unpacked. Is the disk full? It takes 900 MB.' });
  const unpacked = join(scratch, 'tensorflow');
  const lib = join(staged, 'deps', 'lib');
  rmSync(join(staged, 'deps'), { recursive: true, force: true });
  mkdirSync(lib, { recursive: true });
  cpSync(join(unpacked, 'libtensorflow_cc.so.2'), join(lib, 'libtensorflow_cc.so.2'));
  cpSync(join(unpacked, 'libtensorflow_framework.so.2'), join(lib, 'libtensorflow_framework.so.2'));
  symlinkSync('libtensorflow_cc.so.2', join(lib, 'libtensorflow.so'));
  symlinkSync('libtensorflow_framework.so.2', join(lib, 'libtensorflow_framework.so'));
  // Only for the build: 160 MB that nothing reads afterwards.
  symlinkSync(join(unpacked, 'include'), join(staged, 'deps', 'include'));
}

function compile(scratch, staged, python) {
  say('compiling the binding');
  const gyp = join(scratch, 'tool', 'node_modules', 'node-gyp', 'bin', 'node-gyp.js');
  const names = ['--module_name=tfjs_binding', `--module_path=${join(staged, 'lib', 'napi-v8')}`, '--napi_build_version=8'];
  // Where Node brought its headers along, nothing has to be downloaded for them.
  const home = dirname(dirname(process.execPath));
  const headers = existsSync(join(home, 'include', 'node', 'node_api.h')) ? [`--nodedir=${home}`] : [];
  run(process.execPath, [gyp, 'rebuild', `--python=${python}`, ...headers, ...names], { cwd: staged, quiet: true, fix: 'The compiler did not build the binding; its messages stand above.' });
  rmSync(join(staged, 'build'), { recursive: true, force: true });
  rmSync(join(staged, 'deps', 'include'), { force: true });
}

/** Puts the finished package in place, once it has been seen to load. */
function put(staged) {
  writeFileSync(join(staged, 'built.json'), `${JSON.stringify({ recipe: RECIPE })}\n`);
  if (!works(staged, true)) throw new Refusal('The binding was built and does not load; what it says stands above.');
  rmSync(target, { recursive: true, force: true });
  renameSync(staged, target);
  say('tensorflow-native is built and loads: training now uses it (model.options.backend: wasm goes back)');
}

/** Whether a package folder holds a binding that loads and multiplies; one that npm installed counts as well. */
function works(folder, loud = false) {
  const built = join(folder, 'built.json');
  if (!existsSync(join(folder, 'package.json'))) return false;
  if (existsSync(built) && JSON.parse(readFileSync(built, 'utf8')).recipe !== RECIPE) return false;
  const probe = `require('util').isNullOrUndefined ??= (value) => value == null;
    const tf = require(${JSON.stringify(folder)});
    if (tf.getBackend() !== 'tensorflow' || tf.matMul([[2]], [[3]]).dataSync()[0] !== 6) process.exit(1);`;
  const { status } = spawnSync(process.execPath, ['-e', probe], {
    cwd: root,
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' },
    stdio: ['ignore', 'ignore', loud ? 'inherit' : 'ignore'],
  });
  return status === 0;
}

function succeeds(command, args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** Runs a command, its words on stderr (only if it fails, where quiet); throws what a person can do about its failure. */
function run(command, args, { cwd = root, quiet = false, fix }) {
  try {
    execFileSync(command, args, { cwd, stdio: quiet ? 'pipe' : ['ignore', 'ignore', 'inherit'], maxBuffer: 1 << 28 });
  } catch (error) {
    if (quiet) process.stderr.write(`${error.stdout ?? ''}${error.stderr ?? ''}`);
    throw new Refusal(`${fix}\n  command: ${command} ${args.join(' ').slice(0, 300)}`);
  }
}

function say(text) {
  process.stdout.write(`native: ${text}\n`);
}
