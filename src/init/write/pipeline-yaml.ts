import type { Feature } from '../candidates.ts';
import type { Choices } from '../choices.ts';
import { ORDER_WORDS } from '../dates.ts';
import { plural } from '../plural.ts';
import { shortened } from '../shortened.ts';
import { comment } from '../sql.ts';
import { standInHash } from './split-sql.ts';
import { flow, remarked, scalar } from './yaml.ts';

/** What is trained unless somebody chooses: one place to change it. */
export const DEFAULT_FAMILY = 'auto';

export interface YamlOptions {
  /** The path of the source, as it is to stand there. */
  readonly path: string;
  /** The schema that editors complete with. */
  readonly schema: string;
}

/** `pipeline.yaml`, each choice explained. */
export function pipelineYaml(choices: Choices, options: YamlOptions): string {
  const parts = [head(choices, options), source(choices, options), params(choices), rowNames(choices), features(choices), rest(choices)];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function head({ name, target, split, warehouse, whyWarehouse, rows, place }: Choices, { schema }: YamlOptions): string {
  return [
    `# yaml-language-server: $schema=${comment(schema)}`,
    '# Written by run.sh init from what the table holds; yours to change. docs/configuration.md of Nightshift explains every key.',
    `name: ${scalar(name)}`,
    `about: ${JSON.stringify(`Predicts ${target.column} for the rows of ${place.title}.`)}`,
    remarked(`task: ${target.task}`, taskRemark(target)),
    split.by === 'time' ? remarked('as_of: latest', 'the last day of the table is scored; for a table that grows every day: today') : remarked('as_of: today', `rows have no time, so every night works on all ${rows} of them`),
    ...(warehouse === 'duckdb' ? [remarked('warehouse: duckdb', whyWarehouse ?? 'as it was asked for')] : []),
  ].join('\n');
}

function taskRemark({ task, column, why, pair, classes }: Choices['target']): string {
  if (pair !== undefined) return `${column}: ${why}; ${JSON.stringify(pair.positive)} is 1 (${pair.why}), ${JSON.stringify(pair.negative)} is 0`;
  return task === 'multiclass' ? `${column}: ${why}; ${classes.length} classes` : `${column}: ${why}`;
}

function source({ source: name, place, types, split, target }: Choices, { path }: YamlOptions): string {
  const { location } = place;
  const isOutside = path === place.path;
  const where = { database: 'database', csv: 'csv', parquet: 'parquet' }[location.kind];
  const lines = [
    'sources:',
    `  ${name}:`,
    `    ${where}: ${JSON.stringify(path)}${isOutside ? '  # outside of this folder, and only read: it stays where it is' : ''}`,
    ...(location.kind === 'database' ? [`    table: ${JSON.stringify(location.table)}`] : []),
    ...(location.kind === 'csv' && location.delimiter !== ',' ? [`    delimiter: ${JSON.stringify(location.delimiter)}`] : []),
    ...(location.kind === 'csv' && location.encoding !== undefined ? [remarked(`    encoding: ${location.encoding}`, 'its bytes are no UTF-8')] : []),
    ...(location.kind === 'csv' && location.dates !== undefined ? [remarked(`    dates: ${location.dates}`, `dates are written ${ORDER_WORDS[location.dates]}`)] : []),
    ...(types.length === 0 ? [] : [`    types: ${flow(types.map(([column, type]) => `${scalar(column)}: ${type}`), { open: '{', close: '}', indent: 12 })}`]),
  ];
  if (split.by === 'time') {
    lines.push(remarked(`    time: ${scalar(split.time.column)}`, 'the day of a row'));
    if (split.knownAt !== undefined) {
      lines.push('    known_later:              # outcomes: a blind test every night proves that no feature sees them. Name here what else is known only later');
      lines.push(`      - {at: ${scalar(split.knownAt.column)}, columns: [${[...new Set([target.column, split.knownAt.column])].map(scalar).join(', ')}]}`);
    }
  }
  return lines.join('\n');
}

function params({ split, target }: Choices): string {
  if (split.by === 'time' || target.missing > 0) return '';
  return [
    '# No row is without a label, so nothing waits to be scored. Until there is such a row, a quarter of those that do not train',
    '# stand in for it: rows whose hash lies below this are scored, and do not test.',
    `params: {stand_in: ${JSON.stringify(standInHash(split))}}`,
  ].join('\n');
}

function rowNames(choices: Choices): string {
  const { key, split, target, label } = choices;
  const lines: string[] = [];
  if (key.kind === 'column') lines.push(remarked(`key: ${scalar(key.key.name)}`, 'names a row: no two share it'));
  if (key.kind === 'made') {
    lines.push('# No column names a row, so rows.sql makes a key of what a row holds, but for its label. A row keeps its key when others');
    lines.push('# come or go, and gets another when one of its values changes.');
    lines.push(`key: ${key.made.key}`);
  }
  const { entity } = key;
  if (entity !== undefined) lines.push(remarked(`entity: ${scalar(entity.name)}`, `what a row is about: it recurs${key.kind === 'entity' ? ', though not on the same day' : ''}${split.by === 'hash' ? ', and is wholly on one side of the split' : ''}`));
  else if (key.kind === 'made') lines.push(remarked(`entity: ${key.made.content}`, 'rows that are equal but for their label are on the same side of the split'));
  if (split.by === 'time') lines.push(remarked(`time: ${scalar(split.time.name)}`, 'a row is predicted at midnight before this day'));
  const known = split.by === 'time' && split.knownAt?.delay === 0 ? split.knownAt.name : 'label_known';
  lines.push(remarked(`label: {column: ${scalar(label.name)}, known_at: ${scalar(known)}}`, knownRemark(split)));
  if (target.missing > 0) lines.push(`# ${plural(target.missing, 'row')} without a label: they do not train or test, they are scored.`);
  return lines.join('\n');
}

function knownRemark(split: Choices['split']): string {
  if (split.by === 'hash') return 'made by features.sql: there where a label is';
  if (split.knownAt?.delay === 0) return 'no row trains before its label was known';
  return `made by features.sql: the day after ${split.knownAt?.column ?? 'the row'}, where there is a label`;
}

function features({ features: all, suspects, leftOut, sensitive }: Choices): string {
  const list = (kind: Feature['kind']): string[] => {
    const names = all.filter((one) => one.kind === kind).map(({ name }) => scalar(name));
    return names.length === 0 ? [] : [`  ${kind}: ${flow(names, { open: '[', close: ']', indent: kind.length + 5 })}`];
  };
  const lines = ['features:', ...list('number'), ...list('category')];
  if (suspects.length > 0) lines.push('  # Left out, since they may know the label. To use one after all, add it to its list above:');
  for (const { column, why, feature } of suspects) lines.push(`  #   ${feature?.kind ?? 'number'}: [${comment(scalar(feature?.name ?? column))}]  # ${comment(why)}`);
  if (leftOut.length > 0) lines.push('  # Left out. To use one after all, take its line in steps/01-extract/features.sql in, and add it above:');
  for (const { column, why } of leftOut) lines.push(`  #   ${comment(shortened(column))}: ${comment(why)}`);
  if (sensitive.length > 0) {
    lines.push('', ...sensitive.map(({ name, why }) => `# ${comment(shortened(name))} likely holds ${why}: wherever rows are shown, a keyed hash stands for it.`));
    lines.push(`sensitive: ${flow(sensitive.map(({ name }) => scalar(name)), { open: '[', close: ']', indent: 12 })}`);
  }
  return lines.join('\n');
}

/** What is let pass against the champion: an unlucky night is not refused for it, and no unit of the label is in it. */
const NO_WORSE = {
  binary: '{metric: auc, no_worse_than: champion, margin: 0.02}',
  multiclass: '{metric: log_loss, no_worse_than: champion, margin: 0.02}',
  regression: '{metric: r2, no_worse_than: champion, margin: 0.02}',
} as const;

function rest({ slices, split, target }: Choices): string {
  const metric = { binary: 'auc', multiclass: 'log_loss', regression: 'rmse' }[target.task];
  return [
    ...(slices.length === 0 ? [] : [remarked(`slices: [${slices.map(scalar).join(', ')}]`, 'metrics are also told for each value of these')]),
    ...splitLines(split),
    `model: {family: ${DEFAULT_FAMILY}}`,
    ...(target.task === 'binary' ? ['# decision: {top_share: 0.1}  # how a score becomes a class; unless said, as many positives as usual'] : []),
    'gates:',
    remarked(`  - {metric: ${metric}}`, 'no threshold: it only informs. Once you know what to expect, let nothing worse be published:'),
    `  # - {metric: ${metric}, better_than: baseline}`,
    `  # - ${NO_WORSE[target.task]}`,
  ].join('\n');
}

function splitLines(split: Choices['split']): string[] {
  if (split.by === 'hash') {
    return [remarked(`split: {by: hash, test_share: ${split.testShare}, validation_share: ${split.validationShare}}`, 'no time: a stable hash deals rows to train, validate and test')];
  }
  const { trainDays, testDays, validationShare, train, test } = split.windows;
  return [
    `# By time, as of the last day: ${train} rows with known labels train, the latest ${test} test; the last part of training is held out.`,
    `split: {train_days: ${trainDays}, test_days: ${testDays}, fresh_days: 1, validation_share: ${validationShare}}`,
  ];
}
