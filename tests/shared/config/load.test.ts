import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { type ConfigChoices, loadConfig, parseConfig, quoteConfig } from '../../../src/shared/config/load.ts';
import type { Config } from '../../../src/shared/config/schema.ts';
import { NightshiftError } from '../../../src/shared/errors.ts';

const BASE = `name: shop
sources:
  orders:
    csv: data/orders-*.csv
    types: {order_id: integer, ordered_on: date, paid_on: date, amount: number}
    time: ordered_on
    known_later:
      - {at: paid_on, columns: paid_on}
key: order_id
time: ordered_on
label: {column: returned, known_at: known_on}
features:
  number: [amount, items]
  category: [country]
`;

function configOf(more = '', choices: ConfigChoices = {}): Config {
  return parseConfig(BASE + more, 'pipeline.yaml', choices);
}

function errorOf(act: () => unknown): NightshiftError {
  try {
    act();
  } catch (error) {
    if (error instanceof NightshiftError) return error;
    throw error;
  }
  throw new Error('there was no error');
}

const errorIn = (more: string, choices: ConfigChoices = {}) => errorOf(() => configOf(more, choices));

/** A configuration without one of the lines. */
const without = (line: RegExp, more = '') => () => parseConfig(BASE.replace(line, '') + more, 'pipeline.yaml');

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function projectOf(text?: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'config-'));
  folders.push(folder);
  if (text !== undefined) writeFileSync(join(folder, 'pipeline.yaml'), text);
  return folder;
}

test('a short file is enough: everything else has a default', () => {
  const config = configOf();
  expect(config).toMatchObject({ task: 'binary', as_of: 'today', timezone: 'UTC', seed: 1, warehouse: 'sqlite', state: '.', lead: 0, sensitive: [] });
  expect(config.split).toEqual({ by: 'time', train_days: 60, test_days: 7, fresh_days: 1, test_share: 0.2, validation_share: 0.15, exclude: [] });
  expect(config.model).toEqual({ family: 'mlp', backend: 'auto', budget: 60, options: {} });
  expect(config.key).toEqual(['order_id']);
  expect(config.sources['orders']?.known_later).toEqual([{ at: 'paid_on', columns: ['paid_on'] }]);
});

test('durations become days', () => {
  expect(configOf('lead: 3d\n').lead).toBe(3);
  expect(errorIn('lead: 3\n').details).toMatchObject({ what: 'lead is not as it must be', found: '3' });
  expect(errorIn('lead: 3 weeks\n').details.expected).toContain('a whole number of days such as 30d');
});

test('an unknown key is quoted with its line, and the closest one is named', () => {
  const error = errorIn('split:\n  train_day: 30\n');
  expect(error).toMatchObject({ code: 'config-invalid', exitCode: 2 });
  expect(error.details.what).toBe('split.train_day is not a key of pipeline.yaml');
  expect(error.details.where).toBe('pipeline.yaml:16\n    16 |   train_day: 30');
  expect(error.details.fix).toBe('did you mean train_days?');
  expect(error.details.expected).toContain('validation_share');
});

test('an unknown key of a source is named with the keys that sources have', () => {
  const error = errorOf(() => parseConfig(BASE.replace('time: ordered_on\n    known', 'tiem: ordered_on\n    known'), 'pipeline.yaml'));
  expect(error.details.what).toBe('sources.orders.tiem is not a key of pipeline.yaml');
  expect(error.details.where).toContain('6 |     tiem: ordered_on');
  expect(error.details.fix).toBe('did you mean time?');
});

test('the order of dates is for CSV files alone', () => {
  expect(configOf('', { set: ['sources.orders.dates=dmy'] }).sources['orders']?.dates).toBe('dmy');
  const error = errorOf(() => parseConfig(BASE.replace('csv: data/orders-*.csv', 'database: data/orders.db\n    dates: dmy'), 'pipeline.yaml'));
  expect(error.details).toMatchObject({ what: 'sources.orders.dates is not as it must be', expected: expect.stringContaining('a source of CSV files') });
});

test('a key that none of several forms knows is named with its closest', () => {
  const decision = errorIn('decision: {top_shar: 0.1}\n');
  expect(decision.details).toMatchObject({ what: 'decision.top_shar is not a key of pipeline.yaml', fix: 'did you mean top_share?' });
  expect(decision.details.where).toContain('15 | decision: {top_shar: 0.1}');
  const gate = errorIn('gates:\n  - {metrc: auc, min: 0.6}\n');
  expect(gate.details).toMatchObject({ what: 'gates.0.metrc is not a key of pipeline.yaml', fix: 'did you mean metric?' });
});

test('a value that fits none of several forms is answered with the forms', () => {
  expect(errorIn('decision: {top_share: 0.1, top_n: 5}\n').details.expected).toContain('{top_share: 0.1}, {top_n: 100}');
  expect(errorIn('decision: many\n').details).toMatchObject({ what: 'decision is not as it must be', found: '"many"' });
  expect(errorIn('gates: [auc]\n').details.expected).toContain('better_than');
});

test('a wrong type is quoted with its line, what was found and what is expected', () => {
  const error = errorIn('seed: many\n');
  expect(error.details.what).toBe('seed is not as it must be');
  expect(error.details.where).toBe('pipeline.yaml:15\n    15 | seed: many');
  expect(error.details.found).toBe('"many"');
  expect(error.details.expected).toMatch(/number/);
});

test('a word that is not among the choices is answered with the closest', () => {
  expect(errorIn('warehouse: ducdb\n').details.expected).toContain('(closest: duckdb)');
});

test('what is missing is said to be lacking', () => {
  const error = errorOf(() => parseConfig(BASE.replace(/label: .*\n/, ''), 'pipeline.yaml'));
  expect(error.details.what).toBe('pipeline.yaml lacks label');
});

test('a label needs exactly one way to become known', () => {
  for (const label of ['{column: returned}', '{column: returned, known_at: known_on, matures_after: 30d}']) {
    const error = errorOf(() => parseConfig(BASE.replace(/label: .*/, `label: ${label}`), 'pipeline.yaml'));
    expect(error.details.expected).toBe('exactly one of known_at, matures_after');
    expect(error.details.where).toContain('11 | label:');
  }
});

test('a lead shorter than the fresh window is refused, with the lead that it takes', () => {
  const error = errorIn('split: {fresh_days: 8}\nlead: 6d\n');
  expect(error.details.where).toContain('16 | lead: 6d');
  expect(error.details.expected).toMatch(/^at least 7d, which is split.fresh_days − 1/);
  expect(errorIn('split: {fresh_days: 8}\n').details.what).toBe('pipeline.yaml lacks lead');
  expect(configOf('split: {fresh_days: 8}\nlead: 7d\n').lead).toBe(7);
});

test('a row needs a key or an entity, and a time unless the split is by hash', () => {
  expect(errorOf(without(/^key: .*\n/m)).details.what).toBe('pipeline.yaml lacks key');
  expect(errorOf(without(/^time: .*\n/m)).details.what).toBe('pipeline.yaml lacks time');
  expect(without(/^time: .*\n/m, 'split: {by: hash}\n')().time).toBeUndefined();
});

test('a column that says when something is known must be declared as a date, so that its day is there to compare', () => {
  const typed = (key: string) => errorOf(() => parseConfig(BASE.replace('    time: ordered_on\n', `    time: ordered_on\n    ${key}\n`), 'pipeline.yaml'));
  expect(typed('known_from: amount').details.expected).toContain('declares as date or timestamp');
  expect(typed('known_from: amount').details.where).toContain('7 |     known_from: amount');
  expect(errorOf(() => parseConfig(BASE.replace('{at: paid_on', '{at: amount'), 'pipeline.yaml')).details.expected).toContain('declares as date or timestamp');
});

test('text that is no YAML is quoted with its line', () => {
  const error = errorOf(() => parseConfig('name: shop\nsources: [\n', 'pipeline.yaml'));
  expect(error.details.what).toBe('pipeline.yaml is not valid YAML');
  expect(error.details.where).toMatch(/^pipeline.yaml:\d/);
  expect(errorOf(() => parseConfig('name: shop\nname: shop\n', 'pipeline.yaml')).details.where).toContain('2 | name: shop');
});

test.each(['', '# nothing yet\n', 'just words\n', '- a list\n'])('a file that holds no keys is refused as such: %j', (text) => {
  expect(errorOf(() => parseConfig(text, 'pipeline.yaml'))).toMatchObject({ code: 'config-invalid', exitCode: 2 });
});

test('--set overrides any key, the later of two wins, and what it does not name stays', () => {
  const config = configOf('model: {family: mlp, options: {hidden: [8], dropout: 0.2}}\n', { set: ['model.family=linear', 'model.options.hidden=[4, 2]', 'seed=1', 'seed=2', 'about=a=b'] });
  expect(config.model).toEqual({ family: 'linear', backend: 'auto', budget: 60, options: { hidden: [4, 2], dropout: 0.2 } });
  expect(config.seed).toBe(2);
  expect(config.about).toBe('a=b');
});

test('--set null takes a key away, so that another may take its place', () => {
  const config = configOf('', { set: ['label.known_at=null', 'label.matures_after=30d'] });
  expect(config.label).toEqual({ column: 'returned', matures_after: 30 });
});

test('an error in what --set said names the --set and no line of the file', () => {
  expect(errorIn('seed: 1\n', { set: ['seed=many'] }).details.where).toBe('--set seed=many');
  expect(errorIn('', { set: ['model.famly=linear'] }).details).toMatchObject({ where: '--set model.famly=linear', fix: 'did you mean family?' });
  expect(errorIn('timezone: Mars/Olympus\n', { set: ['time=ordered_on'] }).details.where).toContain('15 | timezone: Mars/Olympus');
});

test.each(['seed', '=1', '.seed=1', 'a..b=1', '__proto__.x=1', 'seed=', 'features.number=[a'])('--set %s is refused, in words', (assignment) => {
  const error = errorIn('', { set: [assignment] });
  expect(error).toMatchObject({ code: 'config-invalid', exitCode: 2 });
  expect(error.message).toContain(`--set ${assignment}`);
});

const PROFILES = 'profiles:\n  prod:\n    state: /srv/shop\n    split: {train_days: 365}\n    label: {known_at: null, matures_after: 14d}\n  broken:\n    seed: many\n';

test('a profile is laid over the file, and --set over both', () => {
  const config = configOf(`split: {train_days: 30, test_days: 3}\n${PROFILES}`, { profile: 'prod', set: ['split.test_days=4'] });
  expect(config.split).toMatchObject({ train_days: 365, test_days: 4 });
  expect(config.state).toBe('/srv/shop');
  expect(config.label).toEqual({ column: 'returned', matures_after: 14 });
  expect(configOf(PROFILES).split.train_days).toBe(60);
});

test('an error in a profile quotes the line of the profile, and an unknown profile lists those there are', () => {
  expect(errorIn(PROFILES, { profile: 'broken' }).details.where).toContain('21 |     seed: many');
  expect(errorIn(PROFILES, { profile: 'test' }).details).toMatchObject({ what: 'There is no profile "test"', found: 'prod, broken' });
});

test('the file of a project is read, and its absence is said', () => {
  expect(loadConfig(projectOf(BASE)).name).toBe('shop');
  expect(errorOf(() => loadConfig(projectOf()))).toMatchObject({ code: 'config-missing', exitCode: 2 });
});

test('a key or one of its values is quoted where the file, the profile or --set names it', () => {
  const project = projectOf(`${BASE}profiles:\n  wide:\n    features:\n      number: [amount, weight]\n`);
  expect(quoteConfig(project, {}, { key: 'features.number', value: 'items' })).toContain(':13\n    13 |   number: [amount, items]');
  expect(quoteConfig(project, { profile: 'wide' }, { key: 'features.number', value: 'weight' })).toContain('18 |       number: [amount, weight]');
  expect(quoteConfig(project, { set: ['features.number=[size]'] }, { key: 'features.number', value: 'size' })).toBe('--set features.number=[size]');
  expect(quoteConfig(project, {}, { key: 'key', value: 'order_id' })).toContain('9 | key: order_id');
});

test('the label is no feature, and a feature is listed once', () => {
  expect(errorIn('', { set: ['features.number=[amount, returned]'] }).details.expected).toBe('columns other than the label');
  expect(errorIn('', { set: ['features.category=[amount]'] }).details.expected).toBe('each feature once, as a number or as a category');
});

test('a label that matures needs a time to count from', () => {
  const error = errorIn('split: {by: hash}\n', { set: ['time=null', 'label.known_at=null', 'label.matures_after=30d'] });
  expect(error.details.expected).toContain('rows without a time have nothing to mature after');
});
