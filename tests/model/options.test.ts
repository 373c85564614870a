import { describe, expect, test } from '@jest/globals';
import { isNetwork } from './backends.ts';
import { familyNames, familyOf } from '../../src/model/families.ts';

const families = await Promise.all(familyNames.map(familyOf));
const networks = families.filter(({ name }) => isNetwork(name));

describe.each(families)('options of $name', (family) => {
  test('have defaults, and are read again to the same', () => {
    const options = family.parseOptions(undefined);
    expect(family.parseOptions(options)).toEqual(options);
  });

  test('with an unknown key are refused with the closest one, as bad configuration', () => {
    const [known] = Object.keys(family.parseOptions({}));
    const refusal = { code: 'config-invalid', exitCode: 2, message: expect.stringContaining(`Did you mean ${known}?`) };
    expect(() => family.parseOptions({ [`${known}s`]: 1 })).toThrow(expect.objectContaining(refusal));
  });

  test.each([['text'], [[1]], [3]])('that are no mapping (%p) are refused', (given) => {
    expect(() => family.parseOptions(given)).toThrow(expect.objectContaining({ code: 'config-invalid' }));
  });
});

describe.each(networks)('options of $name', (family) => {
  test.each([
    ['epochs', 0],
    ['epochs', 'many'],
    ['epochs', 1.5],
    ['learning_rate', '0.1'],
    ['learning_rate', NaN],
    ['min_count', -1],
  ])('with %s: %p are refused', (key, value) => {
    expect(() => family.parseOptions({ [key]: value })).toThrow(expect.objectContaining({ code: 'config-invalid' }));
  });
});

test('hidden layers are a list of widths', async () => {
  const mlp = await familyOf('mlp');
  expect(mlp.parseOptions({ hidden: [8] })).toMatchObject({ hidden: [8] });
  expect(() => mlp.parseOptions({ hidden: 8 })).toThrow(expect.objectContaining({ code: 'config-invalid' }));
  expect(() => mlp.parseOptions({ hidden: [0] })).toThrow(expect.objectContaining({ code: 'config-invalid' }));
});
