// Plain JavaScript, since nothing else can run before it: bundles the program, and the project's steps beside it, when one of their
// files has changed, then runs the program. The step that was edited is the step that runs.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The files of the program that others start from: processes, what projects are written with, and what runs on worker threads. */
const PROGRAM = {
  main: 'src/cli/main.ts',
  child: 'src/pipeline/child.ts',
  index: 'src/index.ts',
  testing: 'src/testing.ts',
  'workers/fit': 'src/model/fit-worker.ts',
  'workers/predict': 'src/model/predict-worker.ts',
  'workers/gbdt': 'src/model/gbdt-worker.ts',
  'workers/intervals': 'src/evaluation/intervals-worker.ts',
  'workers/batchfile': 'src/batchfile/batchfile-worker.ts',
};

/** The last that an installation makes: compiled where there is no binary for the machine. */
const INSTALLED = ['esbuild', 'better-sqlite3/build/Release/better_sqlite3.node'];

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  fail(1, `Nightshift needs Node 20.19 or later; this is ${process.versions.node} (${process.execPath}).`);
} else if (!INSTALLED.every((file) => existsSync(join(root, 'node_modules', file)))) {
  fail(1, `Nightshift is not installed: ${join(root, 'node_modules')} is not there or not whole. Run ${join(root, 'install.sh')} first, to its end.`);
} else {
  const project = projectOf(process.argv.slice(2));
  const tools = toolsHash();
  const program = await bundle({ name: 'program', entries: programFiles(), tools });
  const own = await bundle({ name: sha256(project).slice(0, 12), entries: projectFiles(project), tools, project: realpathSync(project), program });
  process.env['NIGHTSHIFT_ROOT'] = root;
  process.env['NIGHTSHIFT_PROJECT'] = project;
  process.env['NIGHTSHIFT_BUNDLE'] = program.folder;
  process.env['NIGHTSHIFT_PROJECT_BUNDLE'] = own.folder;
  if (process.argv.includes('--debug')) tellSources();
  await import(pathToFileURL(join(program.folder, 'main.mjs')).href);
}

function fail(code, message) {
  process.stderr.write(`${message}\n`);
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ run_id: null, as_of: null, status: 'failed', steps: [], metrics: {}, model: null, scores: null, gates: [], exit_code: code, error: { code: 'launch', what: message } })}\n`);
  process.exit(code);
}

/** Has the places in stacks, of this process and of those of the steps, be those in the TypeScript: it takes reading a map with each file, so only who asks pays. */
function tellSources() {
  process.setSourceMapsEnabled(true);
  process.env['NODE_OPTIONS'] = `${process.env['NODE_OPTIONS'] ?? ''} --enable-source-maps`.trim();
}

/** The folder named by --project, or the one that this file came with. */
function projectOf(args) {
  const at = args.findIndex((one) => one === '--project' || one.startsWith('--project='));
  if (at < 0) return root;
  const named = args[at].includes('=') ? args[at].slice(args[at].indexOf('=') + 1) : args[at + 1];
  const folder = resolve(named ?? '');
  if (named === undefined || named === '' || !existsSync(folder)) fail(2, `--project names no folder: ${named ?? '(nothing)'}`);
  return folder;
}

/** An up-to-date bundle: of the program, or of a project's steps, families and the batch's own Jest tests, which take `nightshift` from the program's. */
async function bundle({ name, entries, tools, project, program }) {
  const home = homeOf(name);
  const pointer = join(home, 'current.json');
  const wanted = { node: process.versions.node, tools, entries: Object.keys(entries).join(), program: program?.folder };
  const current = readRecord(pointer);
  const record = current !== undefined && isFresh(current, wanted, { home, project }) ? current : await build({ home, pointer, entries, project, program, wanted });
  const folder = join(home, record.hash);
  touch(folder);
  return { ...record, folder };
}

/** What is used is kept: the start of another project may build the program anew while a night runs from this one. */
function touch(folder) {
  try {
    utimesSync(folder, new Date(), new Date());
  } catch (error) {
    // It is another user's, whose own starts keep it.
    if (error.code !== 'EPERM') throw error;
  }
}

/** What was recorded of a bundle; undefined where there is none, or a torn one: then it is made anew. */
function readRecord(pointer) {
  try {
    return JSON.parse(readFileSync(pointer, 'utf8'));
  } catch {
    return undefined;
  }
}

function programFiles() {
  return Object.fromEntries(Object.entries(PROGRAM).map(([name, file]) => [name, join(root, file)]));
}

function projectFiles(project) {
  const steps = join(project, 'steps');
  const found = existsSync(steps) ? readdirSync(steps, { recursive: true }).map(String) : [];
  const scripts = found.filter((file) => file.endsWith('.ts') && (!file.includes(sep) || file.endsWith('.test.ts'))).sort();
  const families = join(project, 'families');
  const own = existsSync(families) ? readdirSync(families).filter((file) => /^[a-z][a-z0-9-]*\.ts$/.test(file)).sort() : [];
  return {
    ...Object.fromEntries(scripts.map((file) => [`steps/${file.split(sep).join('/').replace(/\.ts$/, '')}`, join(steps, file)])),
    ...Object.fromEntries(own.map((file) => [`families/${file.slice(0, -3)}`, join(families, file)])),
  };
}

/** Where bundles of a name live: beside the program, or, where that cannot be written, in the user's own cache. */
function homeOf(name) {
  const beside = join(root, '.cache', name);
  try {
    mkdirSync(beside, { recursive: true });
    writeFileSync(join(beside, '.writable'), '');
    return beside;
  } catch {
    const homes = join(homedir(), '.cache', 'nightshift', sha256(root).slice(0, 12));
    mkdirSync(join(homes, name), { recursive: true, mode: 0o700 });
    const modules = join(homes, 'node_modules');
    unlessThere(modules, () => symlinkSync(join(root, 'node_modules'), modules, 'junction'));
    return join(homes, name);
  }
}

function isFresh(current, wanted, { home, project }) {
  if (Object.keys(wanted).some((key) => current[key] !== wanted[key]) || !isWhole(join(home, current.hash), wanted)) return false;
  return Object.entries(current.inputs).every(([name, hash]) => {
    const file = nameToFile(name, project);
    return existsSync(file) && sha256(readFileSync(file)) === hash;
  });
}

/** Whether nothing of a bundle was taken away. */
function isWhole(folder, { entries }) {
  return existsSync(join(folder, 'build.json')) && entries.split(',').every((entry) => entry === '' || existsSync(join(folder, `${entry}.mjs`)));
}

async function build({ home, pointer, entries, project, program, wanted }) {
  const { build: esbuild } = await import('esbuild');
  const staging = join(home, `.build-${process.pid}`);
  const result = await esbuild(options(entries, staging, program)).catch(() => fail(1, 'A step or the program itself does not compile; where stands above.'));
  const inputs = hashInputs(result.metafile, project);
  const code = sha256(JSON.stringify([program?.inputs, inputs]));
  const hash = sha256(JSON.stringify([code, wanted])).slice(0, 16);
  mkdirSync(staging, { recursive: true });
  writeFileSync(join(staging, 'build.json'), JSON.stringify({ code }));
  return settle({ ...wanted, project, hash, inputs }, { home, staging, pointer });
}

/** Puts a finished bundle where it is looked for; bundles that nobody uses go. */
function settle(record, { home, staging, pointer }) {
  const folder = join(home, record.hash);
  try {
    renameSync(staging, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
    // Another start has made the same meanwhile; or something was taken away from it.
    if (!isWhole(folder, record)) rmSync(folder, { recursive: true });
    unlessThere(folder, () => renameSync(staging, folder));
    rmSync(staging, { recursive: true, force: true });
  }
  writeFileSync(`${pointer}.${process.pid}`, JSON.stringify(record));
  renameSync(`${pointer}.${process.pid}`, pointer);
  sweep(home, record.hash);
  sweepGone(dirname(home));
  return record;
}

function options(entries, outdir, program) {
  return {
    absWorkingDir: root,
    entryPoints: entries,
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    outExtension: { '.js': '.mjs' },
    nodePaths: [join(root, 'node_modules')],
    plugins: program === undefined ? [] : [fromProgram(program)],
    external: ['better-sqlite3', '@duckdb/node-bindings', 'danfojs-node', 'tensorflow-native', 'esbuild', 'jest', '@jest/globals', 'vega-datasets', '@viz-js/viz'],
    banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url); const __dirname = import.meta.dirname;" },
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    logLevel: 'warning',
    logOverride: { 'ignored-bare-import': 'silent' },
  };
}

/** What a project is written with is the program's own, which runs it: not a second copy in each project's bundle. */
function fromProgram({ folder }) {
  const files = { nightshift: 'index.mjs', 'nightshift/testing': 'testing.mjs' };
  return { name: 'nightshift', setup: ({ onResolve }) => onResolve({ filter: /^nightshift(\/testing)?$/ }, ({ path }) => ({ path: pathToFileURL(join(folder, files[path])).href, external: true })) };
}

/** Hashes of our own files and of a project's own packages; those of the program are covered by the lock file. Names do not depend on where the folders are. */
function hashInputs(metafile, project) {
  const own = Object.keys(metafile.inputs).filter((name) => !name.startsWith('node_modules/') && !name.startsWith('<'));
  const named = own.map((name) => fileToName(resolve(root, name), project)).sort((a, b) => (a < b ? -1 : 1));
  return Object.fromEntries(named.map((name) => [name, sha256(readFileSync(nameToFile(name, project)))]));
}

function fileToName(file, project) {
  if (project === undefined || project === root) return relative(root, file).split(sep).join('/');
  const inside = relative(project, file);
  return inside.startsWith('..') || isAbsolute(inside) ? relative(root, file).split(sep).join('/') : `project/${inside.split(sep).join('/')}`;
}

function nameToFile(name, project) {
  return project !== undefined && project !== root && name.startsWith('project/') ? join(project, name.slice('project/'.length)) : resolve(root, name);
}

/** What makes a bundle beside our own files: the packages, and this file. */
function toolsHash() {
  return sha256(readFileSync(join(root, 'package-lock.json')) + readFileSync(fileURLToPath(import.meta.url)));
}

/** Does what another start may do at the same time: that it was done is all that matters. */
function unlessThere(path, act) {
  try {
    if (!existsSync(path)) act();
  } catch (error) {
    if (!existsSync(path)) throw error;
  }
}

/** Removes bundles that no running night can still use. */
function sweep(home, keep) {
  for (const name of readdirSync(home)) if (/^[0-9a-f]{16}$|^\.build-/.test(name) && name !== keep && isOld(join(home, name))) rmSync(join(home, name), { recursive: true, force: true });
}

/** Removes the bundles of projects that are no longer there, or that never came to one: temporary ones would pile up. */
function sweepGone(homes) {
  for (const name of readdirSync(homes).filter((one) => /^[0-9a-f]{12}$/.test(one))) {
    const record = readRecord(join(homes, name, 'current.json'));
    const isGone = record === undefined ? isOld(join(homes, name)) : !existsSync(record.project);
    if (isGone) rmSync(join(homes, name), { recursive: true, force: true });
  }
}

/** Whether nobody has used it for two days, or it went meanwhile. */
function isOld(folder) {
  return Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0) > 2 * 86_400_000;
}

function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}
