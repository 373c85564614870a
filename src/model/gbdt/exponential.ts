/** Beyond, a chance is as good as 0 or 1. */
export const MOST = 44;
/** Least probability that a loss is taken of. */
export const LEAST = 1e-15;
/** ln 2 in two parts, the first with bits to spare: whole multiples of it are exact. Source: fdlibm, `e_exp.c`. */
export const LN2_HIGH = 6.93147180369123816490e-1;
export const LN2_LOW = 1.90821492927058770002e-10;
/** Added, it leaves no room for a fraction: what is taken away again is a whole number, which its last bits hold as well. */
export const ROUNDER = 1.5 * 2 ** 52;
/** Of the series of eʳ, from r⁰ on. */
export const SERIES = [1, 1, 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040, 1 / 40_320, 1 / 362_880, 1 / 3_628_800, 1 / 39_916_800] as const;

const [, , C2, C3, C4, C5, C6, C7, C8, C9, C10, C11] = SERIES;
/** The powers of two from 2⁻⁶⁴ on. */
const POWERS = Float64Array.from({ length: 129 }, (_, i) => 2 ** (i - 64));

/**
 * eˣ to fourteen digits, of x between ± 44 and taken for those beyond: the same bits on every machine, and by `GradientKernel`. It is
 * 2ⁿ · eʳ with |r| ≤ ln 2 / 2, by the series in pairs that do not wait for each other (Estrin, "Organization of computer systems: the fixed
 * plus variable structure computer", 1960).
 */
export function exponential(x: number): number {
  const power = x > MOST ? MOST : x < -MOST ? -MOST : x;
  const n = power * Math.LOG2E + ROUNDER - ROUNDER;
  const r = power - n * LN2_HIGH - n * LN2_LOW;
  const r2 = r * r;
  const r4 = r2 * r2;
  const first = 1 + r + r2 * (C2 + r * C3);
  const second = C4 + r * C5 + r2 * (C6 + r * C7);
  const third = C8 + r * C9 + r2 * (C10 + r * C11);
  return (first + r4 * (second + r4 * third)) * POWERS[n + 64]!;
}
