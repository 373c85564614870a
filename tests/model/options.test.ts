import { describe, expect, test } from '@jest/globals';
import { familyNames, familyOf } from '../../src/model/families.ts';

describe.each(familyNames)('options of %s', (name) => {
  const family = familyOf(name);

  test('have defaults, and are read again to the same', () => {
    const options = family.parseOptions(undefined);
    expect(options).toMatchObject({ epochs: 'auto', backend: 'auto' });
    expect(family.parseOptions(options)).toEqual(options);
  });

  test('with an unknown key are refused with the closest one, as bad configuration', () => {
    const refusal = { code: 'config-invalid', exitCode: 2, message: expect.stringContaining('Did you mean learning_rate?') };
    expect(() => family.parseOptions({ learning_rat: 0.1 })).toThrow(expect.objectContaining(refusal));
  });

  test.each([
    ['epochs', 0],
    ['epochs', 'many'],
    ['epochs', 1.5],
    ['learning_rate', '0.1'],
    ['learning_rate', NaN],
    ['backend', 'gpu'],
    ['min_count', -1],
  ])('with %s: %p are refused', (key, value) => {
    expect(() => family.parseOptions({ [key]: value })).toThrow(expect.objectContaining({ code: 'config-invalid' }));
  });

  test.each([['text'], [[1]], [3]])('that are no mapping (%p) are refused', (given) => {
    expect(() => family.parseOptions(given)).toThrow(expect.objectContaining({ code: 'config-invalid' }));
  });
});

test('hidden layers are a list of widths', () => {
  expect(familyOf('mlp').parseOptions({ hidden: [8] })).toMatchObject({ hidden: [8] });
  expect(() => familyOf('mlp').parseOptions({ hidden: 8 })).toThrow(expect.objectContaining({ code: 'config-invalid' }));
  expect(() => familyOf('mlp').parseOptions({ hidden: [0] })).toThrow(expect.objectContaining({ code: 'config-invalid' }));
});
