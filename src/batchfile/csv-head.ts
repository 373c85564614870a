import { isUtf8 } from 'node:buffer';
import { NightshiftError } from '../shared/errors.ts';
import { isLineEnd } from './bytes.ts';
import { csvSample } from './csv-sample.ts';
import type { CsvSample, CsvSampleOptions } from './csv-sample.ts';
import { batchEmpty, quoteOpen, rowTooLarge, usage } from './faults.ts';
import type { InputHead } from '../dataset/input-head.ts';
import type { Limits } from './limits.ts';

const HEAD_BYTES = 1 << 15;
const GROWTH = 4;

export interface CsvHeadOptions extends Pick<CsvSampleOptions, 'delimiter' | 'quote' | 'names'> {
  readonly limits: Limits;
}

/**
 * The header and the first records of a CSV file, for which it looks at as much as it takes. Throws `batch-empty`,
 * `row-too-large`, `quote-open`, `header-invalid`, and `dialect-invalid` for a given delimiter or quote that is none.
 */
export async function csvHead(head: InputHead, options: CsvHeadOptions): Promise<CsvSample> {
  assertSign('delimiter', options.delimiter);
  if (options.quote !== '') assertSign('quote', options.quote);
  const { limits } = options;
  for (let size = HEAD_BYTES; ; size *= GROWTH) {
    const first = await head.peek(size);
    const sample = await csvSample(first, { ...options, rowBytes: limits.row_bytes, isWhole: head.isWhole });
    if (sample !== undefined) return checked(sample, first);
    if (first.length > limits.row_bytes) throw rowTooLarge(limits, 1);
    if (head.isWhole) throw first.every(isLineEnd) ? batchEmpty() : quoteOpen(1);
  }
}

function checked(sample: CsvSample, first: Buffer): CsvSample {
  const bytes = first.subarray(0, sample.headerBytes);
  if (isUtf8(bytes) && !bytes.includes(0)) return sample;
  throw new NightshiftError({
    code: 'header-invalid',
    what: 'The names of the batch’s columns are no text',
    where: 'line 1',
    found: bytes.includes(0) ? 'NUL characters' : 'bytes that are no UTF-8',
    expected: 'UTF-8, UTF-16, or an encoding that is given',
    fix: 'give the encoding, latin1 perhaps, or save the file as UTF-8',
  });
}

function assertSign(what: string, sign: string | undefined): void {
  if (sign === undefined || /^[\t -~]$/.test(sign)) return;
  throw usage({ code: 'dialect-invalid', what: `This is no ${what}`, found: JSON.stringify(sign), expected: 'one ASCII character' });
}
