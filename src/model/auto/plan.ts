import { type Shape, secondsOf } from './costs.ts';

/** A member of the blend, before it is trained. */
export interface Member {
  /** Names it among the others, such as `gbdt-small`. */
  readonly name: string;
  readonly family: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Features that it is not given. */
  readonly without?: readonly string[] | undefined;
  /** Trainings on all rows once it is chosen, where not folds but the latest rows chose; their predictions are averaged. */
  readonly copies: number;
  /** Seconds of one thread that one training of it takes, as far as constants tell. */
  readonly seconds: number;
}

/** Fixed work: what is trained, on which divisions of the rows. Plain JSON. */
export interface Plan {
  readonly budget: number;
  /** `folds`: every row is held out once. `holdout`: the validation rows are, and what is chosen is trained again on all. */
  readonly judgedBy: 'folds' | 'holdout';
  /** Trainings of each member before anything is chosen. */
  readonly folds: number;
  readonly members: readonly Member[];
  /** Members that the budget leaves no room for. */
  readonly left: readonly string[];
  /** Wall seconds on two threads, as far as constants tell. */
  readonly seconds: number;
}

export interface PlanRequest {
  readonly shape: Shape;
  /** Seconds. */
  readonly budget: number;
  readonly independent: boolean;
  /** What to choose from, in the order of what is tried first; of members of one name the first that fits is taken. */
  readonly candidates: readonly Omit<Member, 'seconds'>[];
}

/** Planned for as many, however many there are: the same budget is the same work on every machine. */
const THREADS = 2;
/** So much of the budget is planned for: machines differ, and reading rows takes time, too. */
const PLANNED = 0.85;
/** Beyond so many rows a part held out is large enough to judge by. */
const FOLDS_ROWS = 60_000;
const FOLDS = [8, 5, 4, 3];

/** Turns a budget into fixed work. A budget that nothing fits into gives a plan without members. */
export function planOf(request: PlanRequest): Plan {
  const { independent, shape } = request;
  if (!independent || shape.rows > FOLDS_ROWS) return fill(request, { judgedBy: 'holdout', folds: 1 });
  const plans = FOLDS.map((folds) => fill(request, { judgedBy: 'folds', folds }));
  // As many folds as leave room for every member; where none does, the few that leave room for most.
  const most = Math.max(...plans.map(({ members }) => members.length));
  return plans.find(({ members }) => members.length === most) ?? plans[0]!;
}

function fill({ shape, budget, candidates }: PlanRequest, { judgedBy, folds }: Pick<Plan, 'judgedBy' | 'folds'>): Plan {
  const part = judgedBy === 'folds' ? (folds - 1) / folds : 1;
  const members: Member[] = [];
  const left = new Set<string>();
  let seconds = 0;
  for (const candidate of candidates) {
    if (members.some(({ name }) => name === candidate.name)) continue;
    const member = { ...candidate, seconds: secondsOf(candidate.family, candidate.options, { ...shape, rows: shape.rows * part }) };
    const wall = wallSeconds([...members, member].flatMap((one) => trainingsOf(one, { judgedBy, folds })));
    if (wall > budget * PLANNED) {
      left.add(member.name);
      continue;
    }
    members.push(member);
    left.delete(member.name);
    seconds = wall;
  }
  return { budget, judgedBy, folds, members, left: [...left], seconds };
}

/** Seconds of each training of a member: those on folds, or one and its copies, which stop at the best round, as a rule half way. */
function trainingsOf({ seconds, copies }: Member, { judgedBy, folds }: Pick<Plan, 'judgedBy' | 'folds'>): readonly number[] {
  return judgedBy === 'folds' ? Array<number>(folds).fill(seconds) : [seconds, ...Array<number>(copies).fill(seconds / 2)];
}

/** Longest jobs first, each to the thread that is free first (Graham, "Bounds on multiprocessing timing anomalies", 1969). */
function wallSeconds(jobs: readonly number[]): number {
  const busy = new Float64Array(THREADS);
  for (const job of [...jobs].sort((a, b) => b - a)) {
    const free = busy.indexOf(Math.min(...busy));
    busy[free]! += job;
  }
  return Math.max(...busy);
}
