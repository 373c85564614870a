import type { Task } from '../../dataset/contract.ts';
import type { Member } from './plan.ts';

type Candidate = Omit<Member, 'seconds'>;

/** Single trees in time differ by luck: so many are trained with other draws. Where time is short, one on each of two threads. */
const COPIES = 3;
const QUICK_COPIES = 2;

/**
 * What `auto` chooses from, the most useful for its time first. Of members of one name the first that the budget has room for is
 * trained. `families` restricts them, and may name a project's own. The larger trees are not given features of `days`, which they would
 * learn by heart.
 */
export function candidatesFor(task: Task, families: readonly string[] | 'auto', days: readonly string[] = []): readonly Candidate[] {
  const ladder = ladderOf(task, days.length === 0 ? {} : { without: days });
  if (families === 'auto') return ladder;
  const own = families.filter((family) => !ladder.some((known) => known.family === family));
  return [...ladder.filter(({ family }) => families.includes(family)), ...own.map((family) => one(family))];
}

/** Trees in three sizes: which one a table wants differs more than anything else, and a blend of them is better than each. */
function ladderOf(task: Task, rowwise: Pick<Candidate, 'without'>): readonly Candidate[] {
  const most = task === 'regression' ? 1200 : 500;
  const slow = { learning_rate: 0.05, patience: 40, refit: false };
  const drawn = { columns: 0.8, rows: 0.8 };
  const small = { ...slow, ...drawn, trees: most, leaves: 8 };
  const middle = { ...slow, trees: most, leaves: 31, columns: 0.5, rows: 0.6, l2: 5 };
  const large = { ...slow, ...drawn, trees: most, leaves: 63, min_rows: 10 };
  const quick = { ...drawn, trees: 100, learning_rate: 0.1, patience: 20, l2: 1 };
  return [
    one('linear'),
    one('linear', { epochs: 1 }),
    trees('gbdt', middle, rowwise),
    trees('gbdt', { ...middle, ...quick }, { ...rowwise, copies: QUICK_COPIES }),
    trees('gbdt', { ...middle, ...quick, trees: 40, learning_rate: 0.2 }, { ...rowwise, copies: QUICK_COPIES }),
    one('mlp'),
    trees('gbdt-small', small),
    trees('gbdt-small', { ...small, ...quick }, { copies: QUICK_COPIES }),
    trees('gbdt-large', large, rowwise),
    trees('gbdt-large', { ...large, ...quick }, { ...rowwise, copies: QUICK_COPIES }),
    one('tabm'),
    one('tabm', { members: 8, width: 96 }),
    one('tabm', { members: 8, width: 64 }),
    one('tabm', { members: 4, width: 64 }),
  ];
}

function one(family: string, options: Candidate['options'] = {}): Candidate {
  return { name: family, family, copies: 1, options };
}

function trees(name: string, options: Candidate['options'], apart: Partial<Pick<Candidate, 'without' | 'copies'>> = {}): Candidate {
  return { name, family: 'gbdt', copies: COPIES, ...apart, options };
}
