import { describe, expect, test } from '@jest/globals';
import { makeRelations } from '../../src/pipeline/job/make-relations.ts';
import { Redactor, redacted, withoutQuotes } from '../../src/pipeline/redact.ts';
import { NightshiftError } from '../../src/shared/errors.ts';
import { KINDS } from '../contract/warehouses.ts';
import { withSmallStep } from './small.ts';

const MASKED = '#[0-9a-f]{12}';
const set = ['sensitive=[mail]'];

describe.each(KINDS)('in %s', (kind) => {
  test('a row shows hashes for the sensitive column, and for values that hold one of its own under another name', async () => {
    await withSmallStep({ kind, set }, async ({ step }) => {
      await makeRelations(step);
      const row = { mail: 's1@example.org', MAIL: 's1@example.org', contact: 'S1@EXAMPLE.ORG', text: 'to s1@example.org', shop: 's1', n: 3, none: null };
      const shown = await new Redactor(step).row(row);
      expect(shown).toMatch(new RegExp(`^mail=(${MASKED}), MAIL=\\1, contact=${MASKED}, text=${MASKED}, shop=s1, n=3, none=missing$`));
    });
  });

  test('a source that no step has attached yet is looked at, too', async () => {
    await withSmallStep({ kind, set }, async ({ step }) => {
      expect(await new Redactor(step).row({ who: 's2@example.org', whom: 's9@example.org' })).toMatch(new RegExp(`^who=${MASKED}, whom=s9@example.org$`));
    });
  });

  test('of a message only the quoted pieces that hold a sensitive value are masked', async () => {
    await withSmallStep({ kind, set }, async ({ step }) => {
      const text = await new Redactor(step).text(`Could not convert string 's3@example.org' of "mail" to INT32, 's3@example.org' again`);
      expect(text).toMatch(new RegExp(`^Could not convert string '(${MASKED})' of "mail" to INT32, '\\1' again$`));
    });
  });

  test('without sensitive columns everything is shown as it is', async () => {
    await withSmallStep({ kind }, async ({ step }) => {
      expect(await new Redactor(step).row({ mail: 's1@example.org' })).toBe('mail=s1@example.org');
    });
  });
});

test('an error about a value of a sensitive column does not tell the value', () => {
  const error = new NightshiftError({ code: 'source-type', what: 'A value is not of its type', found: '"s1@example.org"', column: 'Mail' });
  expect(redacted(error, ['mail']).message).not.toContain('@');
  expect(redacted(error, ['shop'])).toBe(error);
});

test('where nobody can be asked what is sensitive, nothing that an error quotes is told', () => {
  const details = withoutQuotes({ code: 'x', what: 'x', found: `no 's1@example.org' here`, stack: 's1@example.org' }, 'the file "w.db" is locked');
  expect(details).toMatchObject({ found: 'no (not shown) here (what it quotes is not shown: the file (not shown) is locked)', stack: undefined });
});
