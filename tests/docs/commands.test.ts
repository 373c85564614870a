import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { familyNames, familyOf } from '../../src/model/families.ts';
import { parseConfig } from '../../src/shared/config/load.ts';
import { ExitCode } from '../../src/shared/errors.ts';
import { ROOT, runJob } from '../support/job.ts';
import { blocksOf, pages, readPage } from './pages.ts';

const COMMANDS = ['run', 'plan', 'step', 'sample', 'profile', 'init', 'report', 'runs', 'compare', 'champion', 'score', 'explain', 'outcomes', 'types', 'verify', 'noise', 'prune', 'export'];
/** Commands within a command: their options count as its own. */
const WITHIN: Readonly<Record<string, readonly string[]>> = { champion: ['show', 'history', 'promote', 'rollback', 'pin', 'unpin'] };

/** The options of each command, as its own help lists them. */
const options = new Map<string, ReadonlySet<string>>();

beforeAll(async () => {
  for (const command of COMMANDS) {
    const helps = await Promise.all([[command], ...(WITHIN[command] ?? []).map((word) => [command, word])].map((words) => runJob([...words, '--help'])));
    options.set(command, new Set(helps.flatMap(({ stdout }) => [...stdout.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option = '']) => option))));
  }
});

/** Every call of `run.sh` in blocks and between backticks, without the comment behind it. */
function callsIn(page: string): readonly string[] {
  const text = readPage(page);
  const inBlocks = blocksOf(text).filter(({ language }) => language !== 'json').flatMap((block) => block.text.split('\n'));
  const inText = [...text.replace(/^```[\s\S]*?^```$/gm, '').matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
  return [...inBlocks, ...inText].flatMap((line) => [...line.matchAll(/\brun\.(?:sh|bat)\b([^;&#"]*)/g)].map(([, rest = '']) => rest.trim()));
}

function problemsOf(call: string): readonly string[] {
  const words = call.split(/\s+/).filter((word) => word !== '');
  const first = words[0] ?? '';
  const command = COMMANDS.includes(first) ? first : 'run';
  const isKnown = first === '' || first.startsWith('-') || COMMANDS.includes(first) || !/^[a-z]+$/.test(first);
  const unknown = words.filter((word) => word.startsWith('--')).map((word) => word.split('=')[0] ?? '').filter((word) => options.get(command)?.has(word) !== true && word !== '--help');
  return [...(isKnown ? [] : [`run.sh ${first}`]), ...unknown.map((option) => `run.sh ${command} ${option}`)];
}

test.each(pages())('every command and option of run.sh in %s exists', (page) => {
  expect(callsIn(page).flatMap(problemsOf)).toEqual([]);
});

test('the pages do call run.sh, or the tests above would hold of nothing', () => {
  expect(callsIn('README.md').length).toBeGreaterThan(7);
  expect(problemsOf('plan --sett x')).toEqual(['run.sh plan --sett']);
  expect(problemsOf('paln')).toEqual(['run.sh paln']);
});

test('every option of the night stands on the page on execution', () => {
  const page = readPage('docs/execution.md');
  expect([...(options.get('run') ?? [])].filter((option) => option !== '--help' && !page.includes(`\`${option}`))).toEqual([]);
});

test('every npm script that the pages name is there, and every script is named', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  const named = new Set(pages().flatMap((page) => [...readPage(page).matchAll(/\bnpm (?:run (?:-s )?)?(test|(?<=run (?:-s )?)[a-z]+)/g)].map(([, name = '']) => name)));
  expect([...named].filter((name) => scripts[name] === undefined)).toEqual([]);
  expect(Object.keys(scripts).filter((name) => !named.has(name))).toEqual([]);
});

test('every exit code stands on the page on execution', () => {
  const table = [...readPage('docs/execution.md').matchAll(/^\| ([\d, ]+) \|/gm)].flatMap(([, codes = '']) => codes.split(', ').map(Number));
  expect(table).toEqual(Object.values(ExitCode));
});

test('the examples of the configuration page are valid, and every option of a family is explained there', async () => {
  const page = readPage('docs/configuration.md');
  const base = readFileSync(join(ROOT, 'pipeline.yaml'), 'utf8');
  for (const { text } of blocksOf(page).filter(({ language }) => language === 'yaml')) {
    const examples = text.startsWith('decision') ? text.trim().split('\n') : [text];
    for (const example of examples) expect(parseConfig(`${base}\n${example}`, 'example')).toMatchObject(parse(example) as object);
  }
  expect(() => parseConfig(`${base}\nprofiles: {prod: {split: {train_days: 90}}}`, 'example', { profile: 'prod' })).not.toThrow();
  const meanings = page.slice(page.indexOf('## Options of the model families')).replace(/^\|.*$/gm, '');
  const families = await Promise.all(familyNames.map(familyOf));
  const optionNames = families.flatMap((family) => Object.keys(family.parseOptions({})));
  expect(optionNames.filter((name) => !meanings.includes(`\`${name}\``))).toEqual([]);
});

test('what npm run docs draws is up to date', async () => {
  const { code, stderr } = await runJob(['docs', '--check']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'The drawn documents are up to date\n' });
});
