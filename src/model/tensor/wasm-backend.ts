import { createRequire } from 'node:module';
import path from 'node:path';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import type { Backend } from './backend.ts';

let pointed = false;

/** Starts the WASM backend, or goes back to it. This file is the only one that loads TensorFlow by name, and is itself loaded late. */
export async function startWasm(): Promise<Backend> {
  if (!pointed) setWasmPaths(binaries());
  pointed = true;
  await use();
  return {
    name: 'wasm',
    tf,
    use,
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
