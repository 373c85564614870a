import type { Plan } from './plan.ts';

const WARM_UP = 0.1;

/** The learning rate of a step, from 0: a linear warm-up over the first tenth, then half a cosine down to nearly zero. */
export function rateAt({ learningRate, steps }: Pick<Plan, 'learningRate' | 'steps'>, step: number): number {
  const warm = Math.max(1, Math.round(steps * WARM_UP));
  if (step < warm) return (learningRate * (step + 1)) / warm;
  const share = (step - warm) / Math.max(1, steps - warm);
  return learningRate * Math.max(0.01, (1 + Math.cos(Math.PI * share)) / 2);
}
