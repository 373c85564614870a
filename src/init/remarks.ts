import { parseCell } from '../dataset/cell.ts';
import { isoOf } from '../shared/date-order.ts';
import { amountOf } from './amounts.ts';
import { type Dates, ORDER_WORDS } from './dates.ts';
import type { Found } from './keys.ts';
import { looksLikeTime } from './names.ts';
import type { Place } from './place.ts';
import { plural } from './plural.ts';
import type { Table } from './table.ts';
import type { Target } from './target.ts';

/** What of a table's cells somebody should know: text among numbers, odd spellings, classes of one row. */
export function remarksOf({ columns, dates, place }: Table, target: Target): readonly string[] {
  return [...headerRemarks(columns), ...encodingRemarks(place), ...(dates === undefined ? [] : [place.location.kind === 'csv' ? dateRemark(dates) : unreadRemark(dates)]), ...columns.flatMap(epochRemarks), ...columns.filter(({ profile }) => profile.name !== target.column || target.task === 'regression').flatMap(writtenRemarks), ...columns.flatMap(strayRemarks), ...spellingRemarks(target), ...classRemarks(target)];
}

function dateRemark({ order, column, example, isUnclear }: Dates): string {
  const read = example === undefined ? '' : `: ${quoted(example)} in ${quoted(column)} is read as ${isoOf(example, order)}`;
  return `Dates are written ${ORDER_WORDS[order]}${read}${isUnclear ? '. Every one could have day and month the other way round: see whether dates: in pipeline.yaml is right' : ''}`;
}

/** A file without a header gives its first row away as names. */
function headerRemarks(columns: readonly Found[]): readonly string[] {
  const numbers = columns.map(({ profile: { name } }) => name).filter((name) => parseCell(name.trim(), 'number') !== undefined);
  return 2 * numbers.length < columns.length ? [] : [`${numbers.length} of ${columns.length} columns are called like a number, such as ${quoted(numbers[0] ?? '')}: if the first line holds values and no names, give the file a header`];
}

function encodingRemarks({ location }: Place): readonly string[] {
  return location.kind === 'csv' && location.encoding === 'latin1' ? ['The bytes are no UTF-8: they are read as programs of Windows write them (latin1). Where letters look wrong, change encoding: in pipeline.yaml, or save the file as UTF-8'] : [];
}

/** Only the reader of CSV files knows orders. */
function unreadRemark({ order, column, example }: Dates): string {
  return `${quoted(column)} has dates that are text, written ${ORDER_WORDS[order]}${example === undefined ? '' : ` (${quoted(example)})`}: they are no days here; give the table a column, or a view, with ${example === undefined ? 'dates such as 2001-06-10' : isoOf(example, order)}`;
}

/** Seconds since 1970 from 2001 to 2038. */
const [FIRST_SECOND, LAST_SECOND] = [1e9, 2 ** 31];

/** Clocks of programs are numbers to everybody else. */
function epochRemarks({ profile: { name, filled, integers, min = 0, max = 0 } }: Found): readonly string[] {
  const factor = [1, 1000].find((one) => min >= FIRST_SECOND * one && max < LAST_SECOND * one);
  if (factor === undefined || integers < filled || !looksLikeTime(name)) return [];
  const day = new Date((1000 * min) / factor).toISOString().slice(0, 10);
  return [`${quoted(name)} looks like ${factor === 1 ? '' : 'milli'}seconds since 1970, from ${day} on, and is taken as a number: with dates or timestamps in its place rows have a time`];
}

function writtenRemarks({ profile, kind: { written } }: Found): readonly string[] {
  if (written === undefined) return [];
  return [`${quoted(profile.name)} has numbers as people write them: ${quoted(written.example)} is read as ${amountOf(written.example, written.mark)}`];
}

function strayRemarks({ profile, kind }: Found): readonly string[] {
  if (!kind.parse) return profile.infinite > 0 ? [`${quoted(profile.name)} has ${plural(profile.infinite, 'value')} that are infinite or no number: read as missing`] : [];
  const cells = profile.filled - profile.numbers;
  if (cells === 0) return [];
  const examples = profile.strays.slice(0, 3).map(({ text }) => quoted(text)).join(', ');
  return [`${quoted(profile.name)} is a column of numbers with text in ${plural(cells, 'cell')} (${examples}): read as missing${kind.odd > 0 ? `; ${kind.odd} of them are no usual marks of a missing value, so have a look` : ''}`];
}

function spellingRemarks({ classes, column }: Target): readonly string[] {
  return classes.filter(({ spellings }) => spellings.length > 1).map(({ name, spellings }) => `${quoted(column)} spells one class in ${spellings.length} ways (${spellings.slice(0, 3).map(quoted).join(', ')}): taken as ${quoted(name)}`);
}

function classRemarks({ task, classes, column }: Target): readonly string[] {
  if (task === 'regression') return [];
  const rare = classes.filter(({ rows }) => rows < 5);
  return rare.slice(0, 5).map(({ name, rows }) => `The class ${quoted(name)} of ${quoted(column)} has ${plural(rows, 'row')}: kept, but nothing can be learnt or measured of it${task === 'multiclass' ? ', and it tests only if it also trains' : ''}`);
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 57)}…` : text);
}
