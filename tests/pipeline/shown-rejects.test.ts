import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Reject, RejectReason } from '../../src/batchfile/read.ts';
import { shownRejects } from '../../src/pipeline/scoring/shown-rejects.ts';
import { Mask } from '../../src/shared/sensitive.ts';

const reject = (column: string | null, value: string | null, reason: RejectReason): Reject => ({ line: 2, row: 1, column, value, reason });

test('a keyed hash stands for a sensitive value, and for a whole key of which a part is sensitive; nothing else is changed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-mask-'));
  try {
    const mask = new Mask(['email'], folder);
    const key = ['shop', 'Email'];
    const open = [reject('shop', '7', 'duplicate-key'), reject(null, '3 of 6 fields', 'too-few-fields'), reject(null, null, 'not-json'), reject('email', '', 'missing-value'), reject('email', null, 'missing-value')];
    expect(shownRejects(open, key, mask)).toEqual(open);
    const hidden = [reject('EMAIL', 'ann@example.org', 'unknown-field'), reject('shop, Email', '7, ann@example.org', 'no-features')];
    expect(shownRejects(hidden, key, mask).map(({ value }) => value)).toEqual([mask.hash('ann@example.org'), mask.hash('7, ann@example.org')]);
    expect(shownRejects([reject('shop, Email', '7, x', 'no-features')], key, new Mask(['kind'], folder))[0]?.value).toBe('7, x');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
