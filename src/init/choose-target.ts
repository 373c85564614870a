import type { Task } from '../dataset/contract.ts';
import { ExitCode, NightshiftError } from '../shared/errors.ts';
import { type Deciding } from './deciding.ts';
import { plural } from './plural.ts';
import { shortened } from './shortened.ts';
import { columnNamed } from './table.ts';
import { type Target, targetOf } from './target.ts';

const TASKS: readonly Task[] = ['binary', 'multiclass', 'regression'];

export async function chooseTarget({ table, wishes, ask, decided }: Deciding): Promise<Target> {
  const names = table.columns.map(({ profile }) => profile.name);
  const guess = names.find((name) => /^(?:target|label|y|outcome)$/i.test(name)) ?? names.at(-1) ?? '';
  const answer = wishes.target ?? (await ask({ about: 'target', text: 'Which column is to be predicted?', fallback: guess, options: names }));
  const column = columnNamed(table, answer, '--target');
  const inferred = wishes.task === undefined ? targetOf(column.profile, column.kind) : targetOf(column.profile, column.kind, taskNamed(wishes.task));
  const task = wishes.task === undefined ? await ask({ about: 'task', text: `What kind of label is ${shortened(column.profile.name)}? (${inferred.why})`, fallback: inferred.task, options: TASKS }) : inferred.task;
  const target = task === inferred.task ? inferred : targetOf(column.profile, column.kind, taskNamed(task));
  const why = wishes.target !== undefined ? 'as it was asked for' : answer !== guess ? 'as it was answered' : answer === names.at(-1) ? 'the last column; --target names another' : 'by its name; --target names another';
  decided.push({ about: 'target', chosen: target.column, why });
  decided.push({ about: 'task', chosen: target.task, why: target.pair === undefined ? target.why : `${target.why}; ${JSON.stringify(target.pair.positive)} is 1: ${target.pair.why}` });
  if (target.missing > 0) decided.push({ about: 'to be scored', chosen: plural(target.missing, 'row'), why: `${target.column} is missing there` });
  return target;
}

function taskNamed(task: string): Task {
  const known = TASKS.find((one) => one === task);
  if (known !== undefined) return known;
  throw new NightshiftError({ code: 'usage', what: 'There is no such task', where: '--task', found: task, expected: TASKS.join(', '), exitCode: ExitCode.usage });
}
