const LOW = 0.02425;
const CENTRE = {
  over: [-3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1, 2.506628277459239],
  under: [-5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1, 1],
};
const TAIL = {
  over: [-7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968, 2.938163982698783],
  under: [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1],
};

/**
 * The standard normal quantile of a probability in (0, 1), to nine digits.
 * Source: Acklam, "An algorithm for computing the inverse normal cumulative distribution function", 2003.
 */
export function normalQuantile(probability: number): number {
  if (probability > 0.5) return 0 - normalQuantile(1 - probability);
  if (probability < LOW) {
    const x = Math.sqrt(-2 * Math.log(probability));
    return polynomial(TAIL.over, x) / polynomial(TAIL.under, x);
  }
  const x = probability - 0.5;
  return (x * polynomial(CENTRE.over, x * x)) / polynomial(CENTRE.under, x * x);
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, one) => sum * x + one, 0);
}
