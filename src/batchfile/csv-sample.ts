import { CsvRecordParser, isQuoteOpen, isRecordTooLarge } from './csv-record-parser.ts';
import type { Dialect } from './dialect.ts';

/** What may separate fields, and quote them, the usual one first: of two that fit equally well, the earlier is taken. */
const DELIMITERS = [',', ';', '\t', '|'] as const;
const QUOTES = ['"', "'"] as const;

/** The first records of a CSV file, read in the dialect that fits them best. */
export interface CsvSample {
  readonly dialect: Dialect;
  readonly header: readonly string[];
  readonly records: readonly (readonly string[])[];
  /** Bytes of the header, its line end included. */
  readonly headerBytes: number;
}

export interface CsvSampleOptions {
  readonly delimiter?: string | undefined;
  readonly quote?: string | undefined;
  /** The columns that the file should have: the dialect that finds them is the right one. */
  readonly names: readonly string[];
  readonly rowBytes: number;
  /** Whether `head` is the whole file. */
  readonly isWhole: boolean;
}

/** Undefined where the header does not end within `head`. */
export async function csvSample(head: Buffer, options: CsvSampleOptions): Promise<CsvSample | undefined> {
  const delimiters = options.delimiter === undefined ? presentIn(head, DELIMITERS) : [options.delimiter];
  const quotes = options.quote === undefined ? presentIn(head, QUOTES) : [options.quote];
  let best: { readonly sample: CsvSample; readonly fit: readonly number[] } | undefined;
  for (const quote of quotes) {
    for (const delimiter of delimiters) {
      const sample = await readIn({ delimiter, quote }, head, options);
      if (sample === undefined) continue;
      const fit = fitOf(sample, options.names);
      if (best === undefined || isBetter(fit, best.fit)) best = { sample, fit };
    }
  }
  return best?.sample;
}

/** The signs that come up, and the usual one in any case. */
function presentIn(head: Buffer, signs: readonly string[]): readonly string[] {
  return signs.filter((sign, i) => i === 0 || head.includes(sign, 0, 'latin1'));
}

async function readIn(dialect: Dialect, head: Buffer, { rowBytes, isWhole }: CsvSampleOptions): Promise<CsvSample | undefined> {
  const parser = new CsvRecordParser({ ...dialect, rowBytes });
  try {
    await parser.write(head);
    if (isWhole) await parser.end();
  } catch (thrown) {
    // In this dialect the file cannot be read to here; what could be read counts.
    if (!isQuoteOpen(thrown) && !isRecordTooLarge(thrown)) throw thrown;
  } finally {
    parser.destroy();
  }
  const [header, ...records] = parser.records;
  return header === undefined ? undefined : { dialect, header, records, headerBytes: parser.ends[0]! };
}

/** How well a dialect fits: columns found by name, the share of records as long as the header, fields. */
function fitOf({ header, records }: CsvSample, names: readonly string[]): readonly number[] {
  const wanted = new Set(names);
  const found = new Set(header.filter((name) => wanted.has(name))).size;
  const alike = records.filter((record) => record.length === header.length).length;
  const share = records.length === 0 ? 1 : alike / records.length;
  // One field a record fits every file: it is taken where no delimiter parts the header.
  return [found, header.length > 1 ? 1 : 0, share, header.length];
}

function isBetter(fit: readonly number[], than: readonly number[]): boolean {
  const at = fit.findIndex((value, i) => value !== than[i]);
  return at >= 0 && fit[at]! > than[at]!;
}
