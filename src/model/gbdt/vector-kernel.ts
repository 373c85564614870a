import { moduleOf } from './assembler.ts';
import { type DrawKernel, drawing } from './draw-kernel.ts';
import { binary, type GradientKernel } from './gradient-kernel.ts';
import { noting, type SettleKernel, summing, walking } from './settle-kernel.ts';
import { wasm, type WasmMemory } from './wasm.ts';

/** Loops over rows in WebAssembly, several rows at once where they can be; arguments are places in bytes in the shared memory, and numbers. */
export interface VectorKernel extends GradientKernel, DrawKernel, SettleKernel {}

/** The compiled loops, which are the same for every table; there once they were asked for. */
let made: object | undefined;

/** Undefined where the processor or the engine has no vectors. */
export function vectorKernelFor(memory: WasmMemory): VectorKernel | undefined {
  made ??= compiled();
  return made && (new wasm.Instance(made, { shared: { memory } }).exports as unknown as VectorKernel);
}

function compiled(): object | undefined {
  const bytes = moduleOf([binary(), drawing(), noting, walking(), summing()]);
  return wasm.validate(bytes) ? new wasm.Module(bytes) : undefined;
}
