import { offsetsOf } from './shape.ts';
import { MOST_PAGES, wasm, type WasmMemory } from './wasm.ts';

/** Adds rows to a histogram; all are places in bytes in the shared memory: of the row numbers from and to, bins, packed gradients, histogram. */
export type Kernel = (from: number, to: number, bins: number, packed: number, histogram: number) => void;

const [GET, SET, TEE, CONST] = [0x20, 0x21, 0x22, 0x41];
const [BLOCK, LOOP, BRANCH_IF, END, VOID] = [0x02, 0x03, 0x0d, 0x0b, 0x40];
const [LOAD32, LOAD8, LOAD64F, STORE64F] = [0x28, 0x2d, 0x2b, 0x39];
const [ADD32, MULTIPLY32, SHIFT_LEFT, ADD64F, LESS, NOT_LESS] = [0x6a, 0x6c, 0x74, 0xa0, 0x49, 0x4f];
const [I32, F64] = [0x7f, 0x7c];
/** Parameters, then locals. */
const [FROM, TO, BINS, PACKED, HISTOGRAM, VALUE, ROW, CELL] = [0, 1, 2, 3, 4, 5, 6, 7];

/**
 * The loop of `addRows` as WebAssembly, written out for one table: the features unrolled, the places of their cells as constants.
 * It takes a third of the time of the plain loop and gives the same sums, since sums are exact.
 */
export function kernelFor(counts: readonly number[], memory: WasmMemory): Kernel {
  const module = new wasm.Module(moduleOf(bodyOf(counts)));
  return new wasm.Instance(module, { shared: { memory } }).exports['add'] as Kernel;
}

function bodyOf(counts: readonly number[]): readonly number[] {
  const offsets = offsetsOf(counts);
  const cells = counts.flatMap((_, feature) => addCell(feature, 8 * offsets[feature]!));
  return [
    BLOCK, VOID, GET, FROM, GET, TO, NOT_LESS, BRANCH_IF, 0,
    LOOP, VOID,
    // VALUE = packed[row]; ROW = the place of the row's bins.
    GET, FROM, LOAD32, 2, 0, TEE, ROW, CONST, 3, SHIFT_LEFT, GET, PACKED, ADD32, LOAD64F, 3, 0, SET, VALUE,
    GET, ROW, CONST, ...signed(counts.length), MULTIPLY32, GET, BINS, ADD32, SET, ROW,
    ...cells,
    GET, FROM, CONST, 4, ADD32, TEE, FROM, GET, TO, LESS, BRANCH_IF, 0,
    END, END, END,
  ];
}

/** histogram[offset + 8 · bin] += VALUE */
function addCell(feature: number, offset: number): readonly number[] {
  return [
    GET, ROW, LOAD8, 0, ...unsigned(feature), CONST, 3, SHIFT_LEFT, GET, HISTOGRAM, ADD32, TEE, CELL,
    GET, CELL, LOAD64F, 3, ...unsigned(offset), GET, VALUE, ADD64F, STORE64F, 3, ...unsigned(offset),
  ];
}

/** The binary form of a module with one function. Source: WebAssembly core specification, section 5. */
function moduleOf(body: readonly number[]): Uint8Array {
  const code = [2, 1, F64, 2, I32, ...body];
  const memory = [...named('shared'), ...named('memory'), 2, 3, 1, ...unsigned(MOST_PAGES)];
  return Uint8Array.from([
    0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, [1, 0x60, 5, I32, I32, I32, I32, I32, 0]),
    ...section(2, [1, ...memory]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...named('add'), 0, 0]),
    ...section(10, [1, ...unsigned(code.length), ...code]),
  ]);
}

function section(id: number, content: readonly number[]): readonly number[] {
  return [id, ...unsigned(content.length), ...content];
}

function named(name: string): readonly number[] {
  return [name.length, ...Buffer.from(name)];
}

/** LEB128, as the format wants its whole numbers. */
function unsigned(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

function signed(value: number): readonly number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >>> 7)];
}
