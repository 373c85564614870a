import type { Member } from './plan.ts';
import type { Shape } from './costs.ts';

/**
 * What `auto` chooses from, the most useful for its time first. Of members of one name the first that the budget has room for is
 * trained. `families` restricts them, and may name a project's own.
 */
export function candidatesFor(_shape: Shape, families: readonly string[] | 'auto'): readonly Omit<Member, 'seconds'>[] {
  if (families === 'auto') return ladder;
  const known = ladder.filter(({ family }) => families.includes(family));
  const own = families.filter((family) => !ladder.some((one) => one.family === family));
  return [...known, ...own.map((family) => ({ name: family, family, options: {} }))];
}

const ladder: readonly Omit<Member, 'seconds'>[] = [
  { name: 'linear', family: 'linear', options: {} },
  { name: 'mlp', family: 'mlp', options: {} },
];
