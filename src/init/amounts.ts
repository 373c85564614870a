/** Which mark stands before the fraction of a number. */
export type DecimalMark = 'point' | 'comma';
export const DECIMAL_MARKS: readonly DecimalMark[] = ['point', 'comma'];

/** How people write the numbers of a column: `$1,234.50`, `12 %`, `1.234,50 €`, `1'234`. */
export interface Written {
  readonly mark: DecimalMark;
  /** Every sign around the digits that says nothing of the number: currencies, percent, what divides thousands. */
  readonly signs: readonly string[];
  /** Rows of cells that are no plain numbers, and one of these. */
  readonly unusual: number;
  readonly example: string;
}

const CURRENCY = '[$€£¥]';
const SPACE = "'’ \\u00a0\\u202f";
const PATTERNS: Readonly<Record<DecimalMark, RegExp>> = { point: pattern(',', '\\.'), comma: pattern('\\.', ',') };

function pattern(thousands: string, fraction: string): RegExp {
  return new RegExp(`^-?(?:${CURRENCY} ?)?-?(?:[1-9]\\d{0,2}(?:[${thousands}${SPACE}]\\d{3})+|\\d+)(?:${fraction}\\d+)?(?:[ \\u00a0]?(?:${CURRENCY}|%))?$`);
}

/** The number that a text is, written that way; undefined where it is none. A plain number is one unless its point would be taken for something else. */
export function amountOf(text: string, mark: DecimalMark): number | undefined {
  if (text.length > 40 || !PATTERNS[mark].test(text)) return undefined;
  const digits = text.replace(mark === 'comma' ? /[^\d,-]/g : /[^\d.-]/g, '').replace(',', '.');
  const value = Number(digits);
  return Number.isFinite(value) ? value : undefined;
}

/** The signs of such a text that say nothing of the number. */
export function signsOf(text: string, mark: DecimalMark): readonly string[] {
  return text.replaceAll(mark === 'comma' ? ',' : '.', '').split('').filter((sign) => !/[\d-]/.test(sign));
}
