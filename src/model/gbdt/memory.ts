import { NightshiftError } from '../../shared/errors.ts';
import { offsetsOf, type Shape } from './shape.ts';
import { bytesOf } from './views.ts';
import { MOST_PAGES, PAGE, wasm, type WasmMemory } from './wasm.ts';

/** Bytes that the histograms of a tree may take. */
const MOST_HISTOGRAMS = 2 ** 31;

/**
 * Shared memory for a training: such as WebAssembly can address, or plain where that is not enough. Histograms beyond two gigabytes
 * are refused: `histograms-too-large`.
 */
export function memoryFor(shape: Shape): WasmMemory | SharedArrayBuffer {
  const histograms = 8 * shape.leaves * offsetsOf(shape.counts)[shape.width]!;
  if (histograms > MOST_HISTOGRAMS) throw tooLarge(histograms);
  const bytes = bytesOf(shape);
  const pages = Math.ceil(bytes / PAGE);
  return pages <= MOST_PAGES ? new wasm.Memory({ initial: pages, maximum: pages, shared: true }) : new SharedArrayBuffer(bytes);
}

function tooLarge(bytes: number): NightshiftError {
  return new NightshiftError({
    code: 'histograms-too-large',
    what: 'A tree of so many leaves over so many columns does not fit in memory.',
    where: 'model.options of gbdt',
    found: `${(bytes / 2 ** 30).toFixed(1)} GB of histograms, one a leaf`,
    expected: `at most ${MOST_HISTOGRAMS / 2 ** 30} GB`,
    fix: 'Set fewer leaves or fewer bins, or leave out columns.',
  });
}
