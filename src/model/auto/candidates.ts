import type { Task } from '../../dataset/contract.ts';
import type { Member } from './plan.ts';

type Candidate = Omit<Member, 'seconds'>;

/** Single trees in time differ by luck, and cost little: so many are trained with other draws. */
const COPIES = 3;

/**
 * What `auto` chooses from, the most useful for its time first. Of members of one name the first that the budget has room for is
 * trained. `families` restricts them, and may name a project's own. The larger trees are not given features of `days`, which they would
 * learn by heart.
 */
export function candidatesFor(task: Task, families: readonly string[] | 'auto', days: readonly string[] = []): readonly Candidate[] {
  const ladder = ladderOf(task, days.length === 0 ? {} : { without: days });
  if (families === 'auto') return ladder;
  const own = families.filter((family) => !ladder.some((one) => one.family === family));
  return [...ladder.filter(({ family }) => families.includes(family)), ...own.map((family) => ({ name: family, family, copies: 1, options: {} }))];
}

/** Trees in three sizes: which one a table wants differs more than anything else, and a blend of them is better than each. */
function ladderOf(task: Task, rowwise: Pick<Candidate, 'without'>): readonly Candidate[] {
  const trees = task === 'regression' ? 1200 : 500;
  const slow = { learning_rate: 0.05, patience: 40, refit: false };
  const small = { ...slow, trees, leaves: 8 };
  const middle = { ...slow, trees, leaves: 31, columns: 0.5, rows: 0.6, l2: 5 };
  const large = { ...slow, trees, leaves: 63, min_rows: 10 };
  const quick = { trees: 100, learning_rate: 0.1, patience: 20, columns: 0.8, rows: 0.8, l2: 1 };
  return [
    { name: 'linear', family: 'linear', copies: 1, options: {} },
    { name: 'gbdt', family: 'gbdt', copies: COPIES, ...rowwise, options: middle },
    { name: 'gbdt', family: 'gbdt', copies: COPIES, ...rowwise, options: { ...middle, ...quick } },
    { name: 'gbdt', family: 'gbdt', copies: COPIES, ...rowwise, options: { ...middle, ...quick, trees: 40, learning_rate: 0.2 } },
    { name: 'mlp', family: 'mlp', copies: 1, options: {} },
    { name: 'gbdt-small', family: 'gbdt', copies: COPIES, options: small },
    { name: 'gbdt-small', family: 'gbdt', copies: COPIES, options: { ...small, ...quick } },
    { name: 'gbdt-large', family: 'gbdt', copies: COPIES, ...rowwise, options: large },
    { name: 'gbdt-large', family: 'gbdt', copies: COPIES, ...rowwise, options: { ...large, ...quick } },
    { name: 'tabm', family: 'tabm', copies: 1, options: {} },
    { name: 'tabm', family: 'tabm', copies: 1, options: { members: 8, width: 96 } },
    { name: 'tabm', family: 'tabm', copies: 1, options: { members: 8, width: 64 } },
    { name: 'tabm', family: 'tabm', copies: 1, options: { members: 4, width: 64 } },
  ];
}
