import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { count } from './count.ts';
import type { JobRows } from './job-rows.ts';
import { withFeatures } from './widths.ts';

/** So many rows of so many features. */
export interface Size {
  /** Such as `1,000,000 × 27`. */
  readonly name: string;
  readonly rows: number;
  readonly features: number;
  /** The job's rows with that number of features. */
  readonly on: (rows: JobRows) => JobRows;
}

/** Each number of rows with the job's own features, then each other number of features with the fewest rows. `bench-too-few-rows` where the job has not as many. */
export function sizesOf({ contract, trainRows }: JobRows, asked: { readonly rows: readonly number[]; readonly columns: readonly number[] }): readonly Size[] {
  const most = Math.max(...asked.rows);
  if (most > trainRows) throw new NightshiftError({ code: 'bench-too-few-rows', what: 'The job has fewer rows to train on than were asked for', where: '--rows', found: `${trainRows} rows`, expected: `${most} or more`, exitCode: ExitCode.usage });
  const own = contract.features.length;
  const tall = asked.rows.map((rows) => sizeOf(rows, own, (all) => all));
  const wide = asked.columns.filter((features) => features !== own).map((features) => sizeOf(Math.min(...asked.rows), features, (all) => withFeatures(all, features)));
  return [...tall, ...wide];
}

function sizeOf(rows: number, features: number, on: Size['on']): Size {
  return { name: `${count(rows)} × ${features}`, rows, features, on };
}
