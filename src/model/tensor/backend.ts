import { createRequire } from 'node:module';
import { NightshiftError, messageOf } from '../../shared/errors.ts';
import type { BackendChoice } from '../family.ts';
import type { Matrix, TensorFlow, Vector } from './tensor-flow.ts';

/** TensorFlow on one of its backends, with the products that a network needs, each in the form that is fast there. */
export interface Backend {
  readonly name: 'wasm' | 'native';
  readonly tf: TensorFlow;
  /** Makes this backend the current one: another may have been used since. To be called before each run of operations. */
  use(): Promise<void>;
  /** x·w + b, through ReLU where asked. */
  dense(layer: DenseLayer): Matrix;
  /** 1 where a value is above 0, for a matrix without negative values, such as what ReLU gives. */
  positive(a: Matrix): Matrix;
  /** aᵀ·b of two matrices. */
  transposedProduct(a: Matrix, b: Matrix): Matrix;
  /** a·bᵀ of two matrices. */
  productTransposed(a: Matrix, b: Matrix): Matrix;
}

export interface DenseLayer {
  readonly x: Matrix;
  readonly w: Matrix;
  readonly b: Vector;
  readonly relu: boolean;
}

/** The backend that trains. `auto`: native where it is installed, WASM otherwise. `native` where it is not: `backend-missing`. */
export async function trainingBackend(choice: BackendChoice, native: () => Promise<Backend> = nativeBackend): Promise<Backend> {
  if (choice === 'wasm') return wasmBackend();
  try {
    return await native();
  } catch (error) {
    if (choice === 'native') throw nativeMissing(error);
    return wasmBackend();
  }
}

/** TensorFlow's WASM backend: everywhere, and the same bytes each time. */
export async function wasmBackend(): Promise<Backend> {
  return (await import('./wasm-backend.ts')).startWasm();
}

/** The optional native binding, with the instance of TensorFlow that it brings. Throws where it does not load. */
async function nativeBackend(): Promise<Backend> {
  const require = createRequire(import.meta.url);
  // The library greets with what it found of the processor; errors are still told.
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  restoreOldUtilities(require('node:util') as Record<string, unknown>);
  // Not by import: a bundler must not try to follow it.
  const tf = require('tensorflow-native') as TensorFlow;
  tf.enableProdMode();
  const use = async (): Promise<void> => {
    if (tf.getBackend() !== 'tensorflow') await tf.setBackend('tensorflow');
  };
  await use();
  return {
    name: 'native',
    tf,
    use,
    // Three operations here take half the time of the fused one, and `sign` a tenth of that of `step`.
    dense: ({ x, w, b, relu }) => {
      const sum = tf.add<Matrix>(tf.matMul(x, w), b);
      return relu ? tf.relu(sum) : sum;
    },
    positive: (a) => tf.sign(a),
    transposedProduct: (a, b) => tf.matMul(a, b, true, false),
    productTransposed: (a, b) => tf.matMul(a, b, false, true),
  };
}

/** Node 23 took away what the binding's JavaScript still calls. */
function restoreOldUtilities(util: Record<string, unknown>): void {
  util['isNullOrUndefined'] ??= (value: unknown): boolean => value === null || value === undefined;
  util['isArray'] ??= Array.isArray;
}

function nativeMissing(cause: unknown): NightshiftError {
  return new NightshiftError({
    code: 'backend-missing',
    what: 'The native TensorFlow backend was asked for and cannot be loaded.',
    where: 'model.backend',
    found: messageOf(cause).split('\n')[0],
    expected: 'the optional package tensorflow-native, installed and built for this machine',
    fix: 'Run `npm run native` to build it, or set backend: auto to use WASM where native is missing.',
    cause,
  });
}
