import type { Shape } from './shape.ts';
import { bytesOf } from './views.ts';
import { MOST_PAGES, PAGE, wasm, type WasmMemory } from './wasm.ts';

/** Shared memory for a training: such as WebAssembly can address, or plain where that is not enough. */
export function memoryFor(shape: Shape): WasmMemory | SharedArrayBuffer {
  const bytes = bytesOf(shape);
  const pages = Math.ceil(bytes / PAGE);
  return pages <= MOST_PAGES ? new wasm.Memory({ initial: pages, maximum: pages, shared: true }) : new SharedArrayBuffer(bytes);
}
