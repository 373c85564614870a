import type { Choices, Named } from '../choices.ts';
import type { Found } from '../keys.ts';
import { isWritable } from '../output-names.ts';
import { comment, identifier, ofRow } from '../sql.ts';

/** `rows.sql`: which rows the night has, and a key where they bring none. */
export function rowsSql({ source, key, split, target }: Choices): string {
  const window = split.by === 'time' ? `\nWHERE ${identifier(`${split.time.column}_day`)} >= {{ rows_from_day }} AND ${identifier(`${split.time.column}_day`)} < {{ rows_until_day }}` : '';
  if (key.kind !== 'made') return `-- The rows of the night${split.by === 'time' ? ': those of the train, test and fresh windows' : ': all of them'}.\nSELECT *\nFROM {{ ${source} }}${window}\n`;
  return `-- The rows of the night. No column names one, so its key is a hash of what it holds but for the label; of rows that hold the same,
-- each also has a number. A row keeps its key when others come or go, on either engine.
SELECT *, ${key.made.content} || '-' || row_number() OVER (PARTITION BY ${key.made.content} ORDER BY ${identifier(target.column)}) AS ${key.made.key}
FROM (
  SELECT *, ${contentHash(key.columns)} AS ${key.made.content}
  FROM {{ ${source} }}${window.replace('\n', '\n  ')}
) AS hashed
`;
}

const CHUNK = 50;

/** One hash over many columns: of hashes over some of them each, since engines bound the arguments of a function. */
function contentHash(columns: readonly Found[]): string {
  const chunks = Array.from({ length: Math.ceil(columns.length / CHUNK) }, (_, i) => columns.slice(i * CHUNK, (i + 1) * CHUNK));
  const hashes = chunks.map((chunk) => `md5(concat_ws('|',\n    ${chunk.map(cellText).join(',\n    ')}))`);
  return hashes.length === 1 ? (hashes[0] ?? '') : `md5(concat_ws('|',\n    ${hashes.join(',\n    ')}))`;
}

/** A cell as the same text on both engines. */
function cellText({ profile, kind }: Found): string {
  const column = identifier(profile.name);
  if (kind.type === 'number') return `CASE WHEN ${column} IS NULL THEN '' ELSE printf('%.14e', ${column}) END`;
  return `coalesce(${kind.type === 'text' ? column : `CAST(${column} AS TEXT)`}, '')`;
}

/** `features.sql`: key, time, features and label of each row. */
export function featuresSql(choices: Choices): string {
  const { features, suspects, leftOut, label } = choices;
  const lines = [
    ...keyLines(choices),
    ...features.map(({ name, sql }) => selected(sql, name)),
    ...suspects.flatMap(({ feature, why }) => (feature === undefined ? [] : [`-- left out of features: ${comment(why)}`, selected(feature.sql, feature.name)])),
    ...leftOut.flatMap(({ feature, why, column }) => (feature === undefined || !isWritable(column) ? [] : [`-- ${comment(selected(feature.sql, feature.name))} -- ${comment(why)}`])),
    selected(label.sql, label.name),
    knownLine(choices),
  ];
  const body = lines.map((line) => `  ${line}`).join('\n');
  return `-- What is known of each row: its key, its features and, where it is known, the label.\nSELECT\n${body}\nFROM {{ rows }} AS r\n`;
}

function selected(sql: string, name: string): string {
  return sql === ofRow(name) ? `${sql},` : `${sql} AS ${identifier(name)},`;
}

function keyLines({ key, split, features }: Choices): readonly string[] {
  const named = ({ column, name }: Named): string => selected(ofRow(column), name);
  const keys = key.kind === 'made' ? [`r.${key.made.key},`, ...(key.entity === undefined ? [`r.${key.made.content},`] : [])] : key.kind === 'column' ? [named(key.key)] : [];
  const entity = key.entity === undefined || features.some(({ name }) => name === key.entity?.name) ? [] : [named(key.entity)];
  const time = split.by === 'time' ? [named(split.time), selected(ofRow(`${split.time.column}_day`), `${split.time.name}_day`)] : [];
  return [...keys, ...entity, ...time];
}

/** The day from which the label is known; missing as long as the label is. The last line, so without a comma. */
function knownLine({ split, label }: Choices): string {
  const day = split.by === 'hash' ? '0' : ofRow(`${(split.knownAt ?? split.time).column}_day`);
  const known = split.by === 'hash' || split.knownAt?.delay === 0 ? day : `${day} + 1`;
  const name = split.by === 'time' && split.knownAt?.delay === 0 ? `${split.knownAt.name}_day` : 'label_known_day';
  const remark = split.by === 'hash' ? ' -- known ever since, where there is one' : '';
  return `CASE WHEN (${label.sql}) IS NOT NULL THEN ${known} END AS ${identifier(name)}${remark}`;
}
