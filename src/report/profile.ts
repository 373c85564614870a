import type { Mask } from '../shared/sensitive.ts';
import type { Scalar, Warehouse } from '../warehouse/warehouse.ts';
import { type ColumnFacts, type ColumnKind, TOP_VALUES, columnFacts, groupsQuery, scanQuery } from './profile-sql.ts';

export interface TopValue {
  readonly value: Scalar;
  readonly rows: number;
}

/** What a batch holds in one column. Of a sensitive one: counts, and hashes in place of its frequent values. */
export interface ColumnProfile {
  readonly name: string;
  readonly type: ColumnKind;
  readonly rows: number;
  readonly missing: number;
  /** Different values, the missing one not among them. */
  readonly distinct: number;
  /** Mean and standard deviation (of a sample: divided by n − 1); null where the column is not of numbers. */
  readonly mean: number | null;
  readonly sd: number | null;
  readonly min: Scalar;
  /** Quantiles of numbers, interpolated between neighbours: type 7 of Hyndman and Fan (1996), as pandas and NumPy have them. */
  readonly p25: number | null;
  readonly median: number | null;
  readonly p75: number | null;
  readonly max: Scalar;
  /** The most frequent values, those of equal count in their order; empty where no value occurs twice. */
  readonly top: readonly TopValue[];
  readonly sensitive: boolean;
}

export interface BatchProfile {
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];
}

export interface ProfileRequest {
  /** A relation or a query in parentheses, as SQL text that may follow FROM. */
  readonly from: string;
  /** How errors call it. */
  readonly where: string;
  /** Whose values are shown as hashes. */
  readonly mask: Mask;
  readonly progress?: (text: string) => void;
}

/** Describes every column of a relation. The figures come from SQL: one scan of all columns, then one grouping of each. */
export async function profileOf(warehouse: Warehouse, { from, where, mask, progress = () => undefined }: ProfileRequest): Promise<BatchProfile> {
  const names = (await warehouse.columns(`SELECT * FROM ${from}`, where)).map(({ name }) => name);
  const [scan = {}] = await warehouse.rows(scanQuery(warehouse.dialect, from, names));
  const columns: ColumnProfile[] = [];
  for (const [i, name] of names.entries()) {
    progress(`column ${i + 1} of ${names.length}: ${name}`);
    const facts = columnFacts(scan, name, i);
    const groups = facts.present === 0 ? [] : await warehouse.rows(groupsQuery(warehouse.dialect, from, facts));
    columns.push(masked(columnProfile(facts, groups.map(groupOf)), mask));
  }
  return { rows: Number(scan['n'] ?? 0), columns };
}

/** One value of a column and the rows that have it. */
interface Group {
  readonly value: Scalar;
  readonly rows: number;
  /** Rows with this value or a lesser one. */
  readonly upTo: number;
  /** 1 for the most frequent value. */
  readonly place: number;
  readonly distinct: number;
  readonly mean: number | null;
  readonly squares: number | null;
}

function groupOf(row: Readonly<Record<string, Scalar>>): Group {
  const number = (name: string): number => Number(row[name]);
  const figure = (name: string): number | null => (typeof row[name] === 'number' ? row[name] : null);
  return { value: row['v'] ?? null, rows: number('n'), upTo: number('upto'), place: number('place'), distinct: number('distinct_values'), mean: figure('mean'), squares: figure('squares') };
}

function columnProfile({ name, kind, isNumeric, rows, present }: ColumnFacts, groups: readonly Group[]): ColumnProfile {
  const first = groups[0];
  const quantile = (share: number): number | null => (isNumeric && first !== undefined ? quantileOf(groups, share, present) : null);
  return {
    name,
    type: kind === 'text' ? datedKind(first?.value, groups.at(-1)?.value) : kind,
    rows,
    missing: rows - present,
    distinct: first?.distinct ?? 0,
    mean: rounded(first?.mean ?? null),
    sd: first?.squares == null || present < 2 ? null : rounded(Math.sqrt(first.squares / (present - 1))),
    min: first?.value ?? null,
    p25: quantile(0.25),
    median: quantile(0.5),
    p75: quantile(0.75),
    max: groups.at(-1)?.value ?? null,
    top: first?.distinct === present && present > 1 ? [] : topValues(groups),
    sensitive: false,
  };
}

function topValues(groups: readonly Group[]): readonly TopValue[] {
  return groups.filter(({ place }) => place <= TOP_VALUES).sort((a, b) => a.place - b.place).map(({ value, rows }) => ({ value, rows }));
}

/** The value at a share of the sorted rows, between the two rows that it falls between. */
function quantileOf(groups: readonly Group[], share: number, present: number): number {
  const at = (present - 1) * share;
  const below = Number(groups.find(({ upTo }) => upTo > Math.floor(at))?.value);
  const above = Number(groups.find(({ upTo }) => upTo > Math.ceil(at))?.value);
  return below === above ? below : (rounded(below + (above - below) * (at - Math.floor(at))) ?? Number.NaN);
}

/** Text whose first and last value are ISO dates: in between lies nothing that is none, but for oddities that sort among them. */
function datedKind(first: Scalar | undefined, last: Scalar | undefined): ColumnKind {
  const all = (form: RegExp): boolean => [first, last].every((value) => typeof value === 'string' && form.test(value));
  if (all(/^\d{4}-\d\d-\d\d$/)) return 'date';
  return all(/^\d{4}-\d\d-\d\d[ T]\d\d:\d\d/) ? 'timestamp' : 'text';
}

/** Twelve digits: what engines add up in another order differs beyond. */
function rounded(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? value : Number(value.toPrecision(12));
}

/** An extreme or an average of a sensitive column may be somebody's value; how often a hash occurs is nobody's. */
function masked(column: ColumnProfile, mask: Mask): ColumnProfile {
  if (!mask.hides(column.name)) return column;
  const top = column.top.map(({ value, rows }) => ({ value: mask.shown(column.name, value), rows }));
  return { ...column, mean: null, sd: null, min: null, p25: null, median: null, p75: null, max: null, top, sensitive: true };
}
