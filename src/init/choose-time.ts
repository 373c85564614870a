import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { type Deciding, NONE } from './deciding.ts';
import type { Found } from './keys.ts';
import { isDeclarable } from './output-names.ts';
import { shortened } from './shortened.ts';
import { RAW, columnNamed } from './table.ts';
import type { Target } from './target.ts';
import { type Times, timesOf } from './times.ts';

export async function chooseTime({ warehouse, table, wishes, ask, decided }: Deciding, target: Target): Promise<Times> {
  if (wishes.time !== undefined && wishes.time !== NONE && columnNamed(table, wishes.time, '--time').kind.use !== 'date') {
    throw new NightshiftError({ code: 'time-invalid', what: `${JSON.stringify(wishes.time)} is no column of dates`, where: '--time', expected: 'dates such as 2001-06-10, or timestamps such as 2001-06-10 13:45:00, in every row', fix: 'convert it in a view, or leave --time out', exitCode: ExitCode.usage });
  }
  const dates = table.columns.filter(({ kind, profile }) => kind.use === 'date' && profile.name !== target.column).map(({ profile }) => profile.name);
  const request = { columns: table.columns, target: target.column };
  const inferred = await timesOf(warehouse, RAW, { ...request, time: wishes.time === undefined || wishes.time === NONE ? wishes.time : columnNamed(table, wishes.time, '--time').profile.name });
  const answer = wishes.time !== undefined || dates.length === 0 ? inferred.time : await ask({ about: 'time', text: `Which column says when a row is? (${inferred.why})`, fallback: inferred.time ?? NONE, options: [NONE, ...dates] });
  const times = answer === inferred.time || (answer === NONE && inferred.time === undefined) ? inferred : await timesOf(warehouse, RAW, { ...request, time: answer });
  decided.push({ about: 'time', chosen: times.time ?? NONE, why: times.why });
  if (times.knownAt !== undefined) decided.push({ about: 'label known at', chosen: times.knownAt, why: `by its name, and it never lies before ${times.time ?? ''}` });
  return times;
}

/** A column of dates whose day number would meet a column of the table's own stays text. */
export function undeclaredDays({ table, warnings }: Deciding, { time, knownAt }: Times): readonly Found[] {
  const taken = new Set(table.columns.map(({ profile }) => profile.name.toLowerCase()));
  return table.columns.map((found) => {
    const { name } = found.profile;
    if (found.kind.use !== 'date' || (isDeclarable(name) && !taken.has(`${name}_day`.toLowerCase()))) return found;
    if (name === time || name === knownAt) throw new NightshiftError({ code: 'time-invalid', what: `The table has a column ${JSON.stringify(`${name}_day`)} of its own`, where: `column ${JSON.stringify(name)}`, expected: 'that name to be free: whole days since 1970-01-01 are made under it', fix: 'rename that column in a view, or say --time none', exitCode: ExitCode.usage });
    warnings.push(`${shortened(name)} is a column of dates that cannot be used as one: ${shortened(`${name}_day`)} is taken`);
    return { profile: found.profile, kind: { type: 'text', use: 'empty', parse: false, odd: 0 } } satisfies Found;
  });
}
