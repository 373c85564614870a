/** The part of TensorFlow.js that networks are built on; types alone, so that nothing is loaded by naming it. */
export type TensorFlow = typeof import('@tensorflow/tfjs-core');
export type Matrix = import('@tensorflow/tfjs-core').Tensor2D;
export type Vector = import('@tensorflow/tfjs-core').Tensor1D;
