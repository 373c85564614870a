import type { Split } from './choices.ts';
import type { Deciding } from './deciding.ts';
import { saysKnown } from './names.ts';
import { shortened } from './shortened.ts';
import type { Target } from './target.ts';
import type { Times } from './times.ts';
import { windowLengthsOf } from './windows.ts';

export async function chooseSplit({ warehouse, decided, warnings }: Deciding, it: { readonly target: Target; readonly times: Times; readonly label: string; readonly relation: string }): Promise<Split> {
  const { time, knownAt } = it.times;
  const windows = time === undefined ? undefined : await windowLengthsOf(warehouse, { relation: it.relation, label: it.label, time, knownAt: knownAt === undefined ? undefined : { column: knownAt, delay: delayOf(knownAt) } });
  if (time === undefined || windows === undefined) {
    if (time !== undefined) warnings.push(`${shortened(time)} has too few days with known labels for a split by time: rows are dealt by hash`);
    decided.push({ about: 'split', chosen: 'by hash', why: 'there is no time to go by' });
    return { by: 'hash', testShare: 0.2, validationShare: 0.15 };
  }
  const { trainDays, testDays, train, test } = windows;
  decided.push({ about: 'split', chosen: 'by time', why: `${train} rows of ${trainDays} days train, ${test} of the ${testDays} days after test` });
  return { by: 'time', time: { column: time, name: time }, knownAt: knownAt === undefined ? undefined : { column: knownAt, name: knownAt, delay: delayOf(knownAt) }, windows };
}

/** What happens during a day is known the day after. */
function delayOf(knownAt: string): 0 | 1 {
  return saysKnown(knownAt) ? 0 : 1;
}
