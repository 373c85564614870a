/** In which order a file writes the parts of a date: year first, `2023/1/15`; day first, `15.01.2023`; month first, `1/15/2023`. */
export type DateOrder = 'ymd' | 'dmy' | 'mdy';
export const DATE_ORDERS: readonly DateOrder[] = ['ymd', 'dmy', 'mdy'];

const TIME = '(?:,?[ T](?<hour>\\d{1,2}):(?<minute>\\d{2})(?::(?<second>\\d{2})(?<fraction>\\.\\d{1,9})?)?(?: ?(?<half>[AaPp])\\.?[Mm]\\.?)?)?';
const [YEAR, MONTH, DAY, SIGN] = ['(?<year>\\d{4})', '(?<month>\\d{1,2})', '(?<day>\\d{1,2})', '(?<sign>[./-])'];
const PATTERNS: Readonly<Record<DateOrder, RegExp>> = {
  ymd: new RegExp(`^${YEAR}${SIGN}${MONTH}\\k<sign>${DAY}${TIME}$`),
  dmy: new RegExp(`^${DAY}${SIGN}${MONTH}\\k<sign>${YEAR}${TIME}$`),
  mdy: new RegExp(`^${MONTH}${SIGN}${DAY}\\k<sign>${YEAR}${TIME}$`),
};

/**
 * A date or timestamp in such an order as ISO text; any other text as it is, ISO itself among them. Whether the calendar has such a
 * day is not asked.
 */
export function isoOf(text: string, order: DateOrder): string {
  const found = text.length <= 40 ? PATTERNS[order].exec(text)?.groups : undefined;
  if (found === undefined) return text;
  const { year = '', month = '', day = '', hour, minute = '00', second = '00', fraction = '', half } = found;
  const date = `${year}-${padded(month)}-${padded(day)}`;
  if (hour === undefined) return date;
  return `${date} ${padded(half === undefined ? hour : fullHour(hour, half))}:${minute}:${second}${fraction}`;
}

function padded(digits: string): string {
  return digits.padStart(2, '0');
}

/** 12 AM is midnight; an hour that no such clock has is none of the other either. */
function fullHour(hour: string, half: string): string {
  const value = Number(hour);
  if (value < 1 || value > 12) return '99';
  return String((value % 12) + (half.toLowerCase() === 'p' ? 12 : 0));
}
