const ZERO = 48;
const PLUS = 43;
const MINUS = 45;
const POINT = 46;
/** So many digits, of any value, are below 2^53: their sum is exact. */
const EXACT_DIGITS = 15;
const POWERS = Float64Array.from({ length: EXACT_DIGITS + 1 }, (_, i) => 10 ** i);

/** The whole number that bytes spell in digits alone, NaN where they do not, or where it may be too long to be exact. */
export function plainInteger(data: Uint8Array, start: number, end: number): number {
  const sign = data[start]!;
  let at = sign === MINUS || sign === PLUS ? start + 1 : start;
  if (at === end || end - at > EXACT_DIGITS) return Number.NaN;
  let value = 0;
  for (; at < end; at++) {
    const digit = data[at]! - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return sign === MINUS ? -value : value;
}

/**
 * The number that bytes spell in digits with at most one point, NaN where they do not. Two exact doubles divided give the
 * double closest to the decimal, which is what parsing gives (Clinger, "How to Read Floating Point Numbers Accurately", 1990).
 */
export function plainNumber(data: Uint8Array, start: number, end: number): number {
  const sign = data[start]!;
  let at = sign === MINUS || sign === PLUS ? start + 1 : start;
  if (end - at > EXACT_DIGITS + 1) return Number.NaN;
  let value = 0;
  let digits = 0;
  let fraction = -1;
  for (; at < end; at++) {
    const byte = data[at]!;
    const digit = byte - ZERO;
    if (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      digits += 1;
    } else if (byte === POINT && fraction < 0) fraction = digits;
    else return Number.NaN;
  }
  if (digits === 0 || digits > EXACT_DIGITS) return Number.NaN;
  if (fraction >= 0) value /= POWERS[digits - fraction]!;
  return sign === MINUS ? -value : value;
}

/** Whether bytes spell a whole number as a program would write it, so that no other bytes spell the same. */
export function isCanonicalInteger(data: Uint8Array, start: number, end: number): boolean {
  const from = data[start] === MINUS ? start + 1 : start;
  if (from === end || data[from] === ZERO) return end - start === 1 && from === start;
  for (let i = from; i < end; i++) if (data[i]! < ZERO || data[i]! > 57) return false;
  return true;
}
