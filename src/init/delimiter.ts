import type { Encoding } from '../dataset/encoding.ts';
import { type CsvForm, csvHeader, csvRecords } from '../dataset/csv-records.ts';
import { NightshiftError } from '../shared/errors.ts';

/** What may separate fields, the usual one first: of two that fit equally well, the earlier is taken. */
const DELIMITERS = [',', ';', '\t', '|'] as const;
const LOOKED_AT = 50;

/**
 * The delimiter by which a CSV file's first records all have the same number of fields, and the most of them. Throws what
 * reading it with commas throws, where none fits.
 */
export async function delimiterOf(file: string, encoding: Encoding | undefined): Promise<string> {
  const fits: { readonly delimiter: string; readonly fields: number }[] = [];
  for (const delimiter of DELIMITERS) fits.push({ delimiter, fields: await fieldsWith(file, { delimiter, encoding }) });
  const best = fits.reduce((one, other) => (other.fields > one.fields ? other : one));
  if (best.fields === 0) await csvHeader(file, { delimiter: ',', encoding });
  return best.delimiter;
}

/** Fields of each record; 0 where records differ or cannot be parsed. */
async function fieldsWith(file: string, form: CsvForm): Promise<number> {
  try {
    for await (const group of csvRecords(file, form)) {
      const [first, ...others] = group.slice(0, LOOKED_AT);
      return first !== undefined && others.every((record) => record.length === first.length) ? first.length : 0;
    }
    return 0;
  } catch (thrown) {
    // A record of another length is what tells that this is not the delimiter.
    if (thrown instanceof NightshiftError && thrown.code === 'csv-invalid') return 0;
    throw thrown;
  }
}
