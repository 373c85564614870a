import { messageOf } from '../../src/shared/errors.ts';
import { trainingBackend } from '../../src/model/tensor/backend.ts';

/** Families that compute on a backend; others are plain code, or blends of these. */
export function isNetwork(family: string): boolean {
  return ['linear', 'mlp', 'tabm'].includes(family);
}

/**
 * The backends that this machine has, for suites to loop over. Native is an optional dependency, so its absence is declared here;
 * where NIGHTSHIFT_REQUIRE_NATIVE is 1, as on the build machine, it is a failure.
 */
export async function availableBackends(): Promise<readonly ('wasm' | 'native')[]> {
  try {
    await trainingBackend('native');
    return ['wasm', 'native'];
  } catch (error) {
    if (process.env['NIGHTSHIFT_REQUIRE_NATIVE'] === '1') throw error;
    process.stderr.write(`native TensorFlow is not installed here, WASM alone is tested: ${messageOf(error).split('\n')[0]}\n`);
    return ['wasm'];
  }
}
