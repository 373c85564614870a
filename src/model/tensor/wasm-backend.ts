import { createRequire } from 'node:module';
import path from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import type { Backend } from './backend.ts';
import type { Matrix } from './tensor-flow.ts';

let pointed = false;

/** Starts the WASM backend, or goes back to it. This file is the only one that loads TensorFlow by name, and is itself loaded late. */
export async function startWasm(): Promise<Backend> {
  if (!pointed) {
    // Without it, a second instance of TensorFlow in the process (native brings its own) warns of the first.
    tf.enableProdMode();
    setWasmPaths(binaries());
    pointed = true;
  }
  await use();
  return {
    name: 'wasm',
    tf,
    use,
    dense: ({ x, w, b, relu }) => tf.fused.matMul({ a: x, b: w, bias: b, activation: relu ? 'relu' : 'linear' }) as Matrix,
    // `sign` takes fifteen times as long.
    positive: (a) => tf.step(a),
    // The kernel for transposed arguments is 12 times slower than transposing first.
    transposedProduct: (a, b) => tf.matMul(tf.transpose(a), b),
    productTransposed: (a, b) => tf.matMul(a, tf.transpose(b)),
  };
}

async function use(): Promise<void> {
  if (tf.getBackend() !== 'wasm') await tf.setBackend('wasm');
}

/** The installed package's folder of .wasm files, found also when this code runs from a bundle in another folder. */
function binaries(): string {
  const found = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json');
  return path.join(path.dirname(found), 'dist', path.sep);
}
