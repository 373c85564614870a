import { expect, test } from '@jest/globals';
import { bytewise } from '../../src/dataset/bytewise.ts';

test('strings compare by their UTF-8 bytes, not by UTF-16 units or a locale', () => {
  // U+FF61 sorts after U+1F600 in UTF-16 units, before it in UTF-8 bytes.
  expect(['\u{1F600}', '\uFF61', 'b', 'B', 'ä', 'a'].sort(bytewise)).toEqual(['B', 'a', 'b', 'ä', '\uFF61', '\u{1F600}']);
});
