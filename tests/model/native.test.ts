import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { familyNames } from '../../src/model/families.ts';
import type { BackendChoice } from '../../src/model/family.ts';
import { availableBackends, isNetwork } from './backends.ts';
import { fit, planted, smallOptions } from './made.ts';

const script = path.resolve(import.meta.dirname, '../../src/native.mjs');
const backends = await availableBackends();

describe.each(familyNames.filter(isNetwork))('%s', (family) => {
  test('comes out nearly the same on every backend, also when both are trained at once', async () => {
    const [wasm, ...others] = await Promise.all(backends.map((backend) => predictionsOn(family, backend)));
    for (const other of others) other.forEach((p, i) => expect(p).toBeCloseTo(wasm![i]!, 3));
  });
});

test('npm run native says what is missing before it changes anything', () => {
  const { status, stderr } = spawnSync(process.execPath, [script, '--force'], { env: { PATH: '' }, encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toMatch(process.platform === 'linux' ? /Python 3\.8 or later is needed|builds on Linux/ : /builds on Linux/);
});

async function predictionsOn(family: string, backend: BackendChoice): Promise<Float64Array> {
  const model = await fit({ family, train: planted(1500, 1), validation: planted(500, 2), options: { ...smallOptions(family), epochs: 5, patience: 5 }, backend });
  return model.predict(planted(500, 3));
}
