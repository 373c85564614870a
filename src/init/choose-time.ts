import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { type Deciding, NONE } from './deciding.ts';
import { columnNamed } from './table.ts';
import type { Target } from './target.ts';
import { type Times, timesOf } from './times.ts';

export async function chooseTime({ warehouse, table, wishes, ask, decided }: Deciding, target: Target): Promise<Times> {
  if (wishes.time !== undefined && wishes.time !== NONE && columnNamed(table, wishes.time, '--time').kind.use !== 'date') {
    throw new NightshiftError({ code: 'time-invalid', what: `${JSON.stringify(wishes.time)} is no column of dates`, where: '--time', found: JSON.stringify(columnNamed(table, wishes.time, '--time').profile.strays[0]?.text ?? 'numbers'), expected: 'dates such as 2001-06-10, 10.06.2001 or 6/10/2001, in one order throughout the file, with or without a time of day, and no column of its name with _day behind it', fix: 'convert it in a view, or leave --time out', exitCode: ExitCode.usage });
  }
  const dates = table.columns.filter(({ kind, profile }) => kind.use === 'date' && profile.name !== target.column).map(({ profile }) => profile.name);
  const request = { columns: table.columns, target: target.column };
  const inferred = await timesOf(warehouse, table.source, { ...request, time: wishes.time === undefined || wishes.time === NONE ? wishes.time : columnNamed(table, wishes.time, '--time').profile.name });
  const answer = wishes.time !== undefined || dates.length === 0 ? inferred.time : await ask({ about: 'time', text: `Which column says when a row is? (${inferred.why})`, fallback: inferred.time ?? NONE, options: [NONE, ...dates] });
  const times = answer === inferred.time || (answer === NONE && inferred.time === undefined) ? inferred : await timesOf(warehouse, table.source, { ...request, time: answer });
  decided.push({ about: 'time', chosen: times.time ?? NONE, why: times.why });
  if (times.knownAt !== undefined) decided.push({ about: 'label known at', chosen: times.knownAt, why: `by its name, and it never lies before ${times.time ?? ''}` });
  return times;
}
