import type { Contract } from '../dataset/contract.ts';
import { NightshiftError } from '../shared/errors.ts';

/** What families refuse of the rows that they are given, in the same words. */
export function featureNotFinite(name: string, count: number, rows: number): NightshiftError {
  return new NightshiftError({
    code: 'feature-not-finite',
    what: `The feature ${name} has values that are infinite or not a number.`,
    where: `column ${name}`,
    found: `${count} of ${rows} values`,
    expected: 'finite numbers, or a missing value (NULL) where there is none',
    fix: 'Guard the division or logarithm in the query that makes it, for example with nullif(…, 0).',
  });
}

export function nothingToLearn(contract: Contract): NightshiftError {
  return new NightshiftError({
    code: 'nothing-to-learn',
    what: 'Every feature is constant or missing in the training rows, so there is nothing to learn from.',
    found: `${contract.features.length} features, all constant`,
    expected: 'at least one feature that differs between rows',
    fix: 'Check the queries that make the features, and the training window.',
  });
}

export function rowsMissing(purpose: 'training' | 'validation'): NightshiftError {
  return new NightshiftError({
    code: 'rows-missing',
    what: `There are no ${purpose} rows.`,
    found: '0 rows',
    expected: `at least one ${purpose} row`,
    fix: 'Check the split windows against the dates that the source holds.',
  });
}
