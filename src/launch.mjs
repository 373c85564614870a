// Plain JavaScript, since nothing else can run before it: bundles the program and the project's steps when one of their
// files has changed, then runs the bundle. The step that was edited is the step that runs.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** What runs on worker threads, each in a file of its own. */
const WORKERS = { fit: 'src/model/fit-worker.ts', predict: 'src/model/predict-worker.ts', gbdt: 'src/model/gbdt-worker.ts', intervals: 'src/evaluation/intervals-worker.ts', batchfile: 'src/batchfile/batchfile-worker.ts' };

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
  const folder = await bundle(project);
  process.env['NIGHTSHIFT_ROOT'] = root;
  process.env['NIGHTSHIFT_PROJECT'] = project;
  process.env['NIGHTSHIFT_BUNDLE'] = folder;
  if (process.argv.includes('--debug')) tellSources();
  await import(pathToFileURL(join(folder, 'main.mjs')).href);
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

/** The folder of an up-to-date bundle of the program, the steps and the batch's own Jest tests. */
async function bundle(project) {
  const entries = entriesOf(project);
  const home = homeOf(project);
  const pointer = join(home, 'current.json');
  const current = readRecord(pointer);
  if (current !== undefined && isFresh(current, entries, project)) return join(home, current.hash);
  return adopt(project, { entries, home, pointer }) ?? build(project, { entries, home, pointer });
}

/**
 * Whether its own files tell all that a project's bundle is made of: not where they are the program's, and named as such, nor where there are
 * packages other than the program's.
 */
function isComparable(project) {
  if (project === root || !existsSync(project)) return false;
  for (let folder = project; folder !== dirname(folder); folder = dirname(folder)) if (folder !== root && existsSync(join(folder, 'node_modules'))) return false;
  return true;
}

/** Copies the bundle of another project whose files are the same to the last one; undefined where there is none. */
function adopt(project, { entries, home, pointer }) {
  if (!isComparable(project)) return undefined;
  const records = readdirSync(dirname(home)).map((name) => readRecord(join(dirname(home), name, 'current.json')));
  const twin = records.find((record) => record?.project !== undefined && isComparable(record.project) && isFresh(record, entries, project));
  if (twin === undefined) return undefined;
  const staging = join(home, `.build-${process.pid}`);
  try {
    cpSync(join(twin.home, twin.hash), staging, { recursive: true });
    for (const entry of Object.keys(entries)) if (/^(steps|families)\//.test(entry)) retarget(staging, `${entry}.mjs.map`, { twin, project, home });
  } catch {
    // It went with its project meanwhile.
    rmSync(staging, { recursive: true, force: true });
    return undefined;
  }
  return settle({ ...twin, project, home }, { staging, pointer });
}

/** Has a map of a copied bundle name the files of its own project. */
function retarget(staging, name, { twin, project, home }) {
  const map = JSON.parse(readFileSync(join(staging, name), 'utf8'));
  const was = dirname(join(twin.home, twin.hash, name));
  const sources = map.sources.map((source) => {
    const inside = relative(twin.project, resolve(was, source));
    return inside.startsWith('..') ? source : relative(dirname(join(home, twin.hash, name)), join(project, inside)).split(sep).join('/');
  });
  writeFileSync(join(staging, name), JSON.stringify({ ...map, sources }));
}

/** What was recorded of a bundle; undefined where there is none, or a torn one: then it is made anew. */
function readRecord(pointer) {
  try {
    return JSON.parse(readFileSync(pointer, 'utf8'));
  } catch {
    return undefined;
  }
}

function entriesOf(project) {
  const steps = join(project, 'steps');
  const found = existsSync(steps) ? readdirSync(steps, { recursive: true }).map(String) : [];
  const scripts = found.filter((file) => file.endsWith('.ts') && (!file.includes(sep) || file.endsWith('.test.ts'))).sort();
  const families = join(project, 'families');
  const own = existsSync(families) ? readdirSync(families).filter((file) => /^[a-z][a-z0-9-]*\.ts$/.test(file)).sort() : [];
  return {
    main: join(root, 'src/cli/main.ts'),
    child: join(root, 'src/pipeline/child.ts'),
    ...Object.fromEntries(Object.entries(WORKERS).map(([name, file]) => [`workers/${name}`, join(root, file)])),
    ...Object.fromEntries(scripts.map((file) => [`steps/${file.split(sep).join('/').replace(/\.ts$/, '')}`, join(steps, file)])),
    ...Object.fromEntries(own.map((file) => [`families/${file.slice(0, -3)}`, join(families, file)])),
  };
}

/** Where bundles of a project live: beside the program, or, where that cannot be written, in the user's own cache. */
function homeOf(project) {
  const key = sha256(project).slice(0, 12);
  const beside = join(root, '.cache', key);
  try {
    mkdirSync(beside, { recursive: true });
    writeFileSync(join(beside, '.writable'), '');
    return beside;
  } catch {
    const own = join(homedir(), '.cache', 'nightshift', sha256(root).slice(0, 12), key);
    mkdirSync(own, { recursive: true, mode: 0o700 });
    const modules = join(own, 'node_modules');
    if (!existsSync(modules)) symlinkSync(join(root, 'node_modules'), modules, 'junction');
    return own;
  }
}

function isFresh(current, entries, project) {
  if (current.node !== process.versions.node || current.tools !== toolsHash()) return false;
  if (current.entries !== Object.keys(entries).join() || !existsSync(join(current.home, current.hash, 'main.mjs'))) return false;
  return Object.entries(current.inputs).every(([name, hash]) => {
    const file = nameToFile(name, project);
    return existsSync(file) && sha256(readFileSync(file)) === hash;
  });
}

async function build(project, { entries, home, pointer }) {
  const { build: esbuild } = await import('esbuild');
  const staging = join(home, `.build-${process.pid}`);
  const result = await esbuild(options(entries, staging)).catch(() => fail(1, 'A step or the program itself does not compile; where stands above.'));
  const inputs = hashInputs(result.metafile, project);
  const code = sha256(JSON.stringify(inputs));
  const hash = sha256(JSON.stringify([inputs, Object.keys(entries), toolsHash(), process.versions.node])).slice(0, 16);
  writeFileSync(join(staging, 'build.json'), JSON.stringify({ code }));
  return settle({ project, home, hash, node: process.versions.node, tools: toolsHash(), entries: Object.keys(entries).join(), inputs }, { staging, pointer });
}

/** Puts a finished bundle where it is looked for; bundles that nobody uses go. */
function settle(record, { staging, pointer }) {
  const { home, hash } = record;
  const folder = join(home, hash);
  if (existsSync(folder)) rmSync(staging, { recursive: true });
  else renameSync(staging, folder);
  writeFileSync(`${pointer}.${process.pid}`, JSON.stringify(record));
  renameSync(`${pointer}.${process.pid}`, pointer);
  sweep(home, hash);
  sweepGone(dirname(home));
  return folder;
}

function options(entries, outdir) {
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
    alias: { nightshift: join(root, 'src/index.ts'), 'nightshift/testing': join(root, 'src/testing.ts') },
    external: ['better-sqlite3', '@duckdb/node-bindings', 'danfojs-node', 'tensorflow-native', 'esbuild', 'jest', '@jest/globals', 'vega-datasets', '@viz-js/viz'],
    banner: { js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url); const __dirname = import.meta.dirname;" },
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    logLevel: 'warning',
    logOverride: { 'ignored-bare-import': 'silent' },
  };
}

/** Hashes of our own files; packages are covered by the lock file. Names do not depend on where the folders are. */
function hashInputs(metafile, project) {
  const own = Object.keys(metafile.inputs).filter((name) => !name.includes('node_modules/') && !name.startsWith('<'));
  const named = own.map((name) => fileToName(resolve(root, name), project)).sort((a, b) => (a < b ? -1 : 1));
  return Object.fromEntries(named.map((name) => [name, sha256(readFileSync(nameToFile(name, project)))]));
}

function fileToName(file, project) {
  const inside = relative(project, file);
  return project !== root && !inside.startsWith('..') ? `project/${inside.split(sep).join('/')}` : relative(root, file).split(sep).join('/');
}

function nameToFile(name, project) {
  return project !== root && name.startsWith('project/') ? join(project, name.slice('project/'.length)) : resolve(root, name);
}

/** What makes a bundle beside our own files: the packages, and this file. */
function toolsHash() {
  return sha256(readFileSync(join(root, 'package-lock.json')) + readFileSync(fileURLToPath(import.meta.url)));
}

/** Removes bundles that no running night can still use. */
function sweep(home, keep) {
  const day = 86_400_000;
  for (const name of readdirSync(home)) {
    const folder = join(home, name);
    if (/^[0-9a-f]{16}$|^\.build-/.test(basename(folder)) && name !== keep && Date.now() - statSync(folder).mtimeMs > 2 * day) rmSync(folder, { recursive: true, force: true });
  }
}

/** Removes the bundles of projects that are no longer there: temporary ones would pile up. */
function sweepGone(homes) {
  for (const name of readdirSync(homes)) {
    const pointer = join(homes, name, 'current.json');
    if (!existsSync(pointer)) continue;
    const { project } = JSON.parse(readFileSync(pointer, 'utf8'));
    if (project !== undefined && !existsSync(project)) rmSync(join(homes, name), { recursive: true, force: true });
  }
}

function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}
