import type { SqlType } from '../dataset/sql-type.ts';
import type { Feature, LeftOut } from './candidates.ts';
import type { Found } from './keys.ts';
import type { Place } from './place.ts';
import type { Target } from './target.ts';
import type { WindowLengths } from './windows.ts';

/** A column of the source under its name in `features`. */
export interface Named {
  readonly column: string;
  readonly name: string;
}

/** What names rows: a column that no two share, entity and time, or a key that is made of a row's content. */
export type RowKey =
  | { readonly kind: 'column'; readonly key: Named; readonly entity: Named | undefined }
  | { readonly kind: 'entity'; readonly entity: Named }
  | { readonly kind: 'made'; readonly columns: readonly Found[]; readonly entity: Named | undefined; readonly made: MadeNames };

/** What the made columns are called: names that the source does not have. */
export interface MadeNames {
  readonly key: string;
  readonly content: string;
}

/** The column that tells from which day the label is known: its own day, or the day after where it is the day of the outcome. */
export interface KnownAt extends Named {
  readonly delay: 0 | 1;
}

export type Split =
  | { readonly by: 'time'; readonly time: Named; readonly knownAt: KnownAt | undefined; readonly windows: WindowLengths }
  | { readonly by: 'hash'; readonly testShare: number; readonly validationShare: number };

/** Something that was decided, for people: what, and why. */
export interface Decided {
  readonly about: string;
  readonly chosen: string;
  readonly why: string;
}

/** Everything that `init` has settled; the files of the project follow from it. */
export interface Choices {
  readonly name: string;
  readonly source: string;
  readonly place: Place;
  readonly rows: number;
  readonly types: readonly (readonly [string, SqlType])[];
  readonly target: Target;
  readonly label: { readonly name: string; readonly sql: string };
  readonly key: RowKey;
  readonly split: Split;
  readonly features: readonly Feature[];
  /** Left out, and still in `features`, so that a line of `pipeline.yaml` brings them back. */
  readonly suspects: readonly LeftOut[];
  readonly leftOut: readonly LeftOut[];
  /** Columns of the source that likely hold personal data, under a name that they have somewhere. */
  readonly sensitive: readonly { readonly name: string; readonly why: string }[];
  readonly slices: readonly string[];
  readonly warehouse: 'sqlite' | 'duckdb';
  /** Why it is not the usual one; undefined where it is, or where it was asked for. */
  readonly whyWarehouse: string | undefined;
  readonly decided: readonly Decided[];
  readonly warnings: readonly string[];
}
