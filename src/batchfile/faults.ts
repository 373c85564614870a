import { ExitCode, NightshiftError } from '../shared/errors.ts';
import type { Limits } from './limits.ts';

export function rowTooLarge(limits: Limits, line: number): NightshiftError {
  return new NightshiftError({
    code: 'row-too-large',
    what: 'A row of the batch is larger than is allowed, so that its end was not looked for',
    where: `line ${line}`,
    found: `more than ${limits.row_bytes} bytes`,
    expected: 'at most `score.limits.row_bytes`, and every quote closed',
    fix: 'mend the row, a quote that is never closed perhaps, or raise score.limits.row_bytes in pipeline.yaml',
  });
}

export function quoteOpen(line: number): NightshiftError {
  return new NightshiftError({
    code: 'quote-open',
    what: 'The batch ends within a quoted cell',
    where: `the record that begins on line ${line}`,
    expected: 'a closing quote',
    fix: 'mend the record; where the file was cut off, bring it whole',
  });
}

export function usage(details: Omit<ConstructorParameters<typeof NightshiftError>[0], 'exitCode'>): NightshiftError {
  return new NightshiftError({ ...details, exitCode: ExitCode.usage });
}

export function batchEmpty(): NightshiftError {
  return new NightshiftError({ code: 'batch-empty', what: 'The batch is empty', found: 'not even a header', expected: 'a header, or a line of JSON', fix: 'bring the file again, whole' });
}
