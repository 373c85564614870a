import { MOST_PAGES } from './wasm.ts';

/** Instructions of WebAssembly, as far as they are used here; a memory access takes the alignment's power of two and an offset. */
export const op = {
  block: [0x02, 0x40],
  loop: [0x03, 0x40],
  branchIf: [0x0d],
  end: [0x0b],
  get: [0x20],
  set: [0x21],
  tee: [0x22],
  constant: [0x41],
  load32: [0x28, 2],
  load64: [0x29, 3],
  load16: [0x2f, 1],
  load8: [0x2d, 0],
  loadFloat: [0x2b, 3],
  store32: [0x36, 2],
  store64: [0x37, 3],
  storeFloat: [0x39, 3],
  add: [0x6a],
  subtract: [0x6b],
  multiply: [0x6c],
  shiftLeft: [0x74],
  shiftRight: [0x76],
  and: [0x71],
  and64: [0x83],
  leadingZeros: [0x67],
  leadingZeros64: [0x79],
  wrap: [0xa7],
  store8: [0x3a, 0],
  store16: [0x3b, 1],
  notBelow: [0x4e],
  notMore: [0x4d],
  select: [0x1b],
  less: [0x49],
  notLess: [0x4f],
  addFloat: [0xa0],
  subtractFloat: [0xa1],
  equalFloat: [0x61],
  unequalFloat: [0x62],
  lessFloat: [0x63],
  multiplyFloat: [0xa2],
  copy: [0xfc, 0x0a, 0x00, 0x00],
  // Of vectors of two floats, or of two integers of 64 bits. `least` and `most` give the first where one is no number.
  loadVector: [0xfd, 0x00, 3],
  loadHalf: [0xfd, 0x5d, 3],
  loadBoth: [0xfd, 0x0a, 3],
  storeVector: [0xfd, 0x0b, 3],
  storeHalf: [0xfd, 0x5b, 2],
  loadFirst32: [0xfd, 0x5c, 2],
  loadLane32: [0xfd, 0x56, 2],
  promote: [0xfd, 0x5f],
  lane: [0xfd, 0x21],
  negate: [0xfd, 0xed, 0x01],
  absolute: [0xfd, 0xec, 0x01],
  plus: [0xfd, 0xf0, 0x01],
  minus: [0xfd, 0xf1, 0x01],
  times: [0xfd, 0xf2, 0x01],
  divided: [0xfd, 0xf3, 0x01],
  least: [0xfd, 0xf6, 0x01],
  most: [0xfd, 0xf7, 0x01],
  demote: [0xfd, 0x5e],
  shiftLeftBoth: [0xfd, 0xcb, 0x01],
  addBoth: [0xfd, 0xce, 0x01],
  floor: [0xfd, 0x75],
  // Of vectors of four integers of 32 bits.
  splat: [0xfd, 0x11],
  laneOfFour: [0xfd, 0x1b],
  addFour: [0xfd, 0xae, 0x01],
  timesFour: [0xfd, 0xb5, 0x01],
  shiftRightFour: [0xfd, 0xad, 0x01],
  exclusive: [0xfd, 0x51],
  andBits: [0xfd, 0x4e],
  shuffle: [0xfd, 0x0d],
  fromWhole: [0xfd, 0xff, 0x01],
} as const satisfies Readonly<Record<string, readonly number[]>>;

const I32 = 0x7f;
const F64 = 0x7c;
const V128 = 0x7b;

/** A function of the module: parameters and result are 32-bit integers, locals as many vectors, floats and then integers as are said. */
export interface Routine {
  readonly name: string;
  readonly parameters: number;
  readonly result: boolean;
  readonly vectors?: number;
  readonly floats: number;
  readonly integers: number;
  readonly body: readonly number[];
}

/** The binary form of a module over an imported shared memory `shared.memory`. Source: WebAssembly core specification, section 5. */
export function moduleOf(routines: readonly Routine[]): Uint8Array {
  return Uint8Array.from([
    0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, routines.map(({ parameters, result }) => [0x60, ...list(Array.from({ length: parameters }, () => [I32])), ...(result ? [1, I32] : [0])])),
    ...section(2, [[...named('shared'), ...named('memory'), 2, 3, 1, ...unsigned(MOST_PAGES)]]),
    ...section(3, routines.map((_, index) => [index])),
    ...section(7, routines.map(({ name }, index) => [...named(name), 0, index])),
    ...section(10, routines.map(codeOf)),
  ]);
}

function codeOf({ vectors = 0, floats, integers, body }: Routine): readonly number[] {
  const code = [3, vectors, V128, floats, F64, integers, I32, ...body, ...op.end];
  return [...unsigned(code.length), ...code];
}

function section(id: number, entries: readonly (readonly number[])[]): readonly number[] {
  const content = list(entries);
  return [id, ...unsigned(content.length), ...content];
}

function list(entries: readonly (readonly number[])[]): readonly number[] {
  return [...unsigned(entries.length), ...entries.flat()];
}

function named(name: string): readonly number[] {
  return [name.length, ...Buffer.from(name)];
}

/** Does the body for each `stride` bytes from local 0 up to local 1, which it moves on. */
export function overItems(stride: number, body: readonly number[]): readonly number[] {
  const [from, to] = [[0], [1]];
  return [
    ...[op.block, op.get, from, op.get, to, op.notLess, op.branchIf, [0], op.loop].flat(),
    ...body,
    ...[op.get, from, op.constant, signed(stride), op.add, op.tee, from, op.get, to, op.less, op.branchIf, [0], op.end, op.end].flat(),
  ];
}

/**
 * Does `first` for some items and then `second` for the same, stretch by stretch of so many bytes, from local 0 up to local 1, which it
 * moves on. `first` finds its item at local `at`; `end` is a local of its own.
 */
export function inStretches({ bytes, at, end }: { readonly bytes: number; readonly at: number; readonly end: number }, first: readonly number[], second: readonly number[]): readonly number[] {
  const [from, to] = [[0], [1]];
  const each = (local: number, body: readonly number[]): readonly number[] => [
    ...op.loop, ...body,
    ...[op.get, [local], op.constant, [4], op.add, op.tee, [local], op.get, [end], op.less, op.branchIf, [0], op.end].flat(),
  ];
  return [
    ...[op.block, op.get, from, op.get, to, op.notLess, op.branchIf, [0], op.loop].flat(),
    ...[op.get, from, op.constant, signed(bytes), op.add, op.tee, [end], op.get, to, op.get, [end], op.get, to, op.less, op.select, op.set, [end]].flat(),
    ...[op.get, from, op.set, [at]].flat(),
    ...each(at, first),
    ...each(0, second),
    ...[op.get, from, op.get, to, op.less, op.branchIf, [0], op.end, op.end].flat(),
  ];
}

/** Moves a place on by so many bytes. */
export function next(local: readonly number[], bytes: number): readonly number[] {
  return [...op.get, ...local, ...op.constant, ...signed(bytes), ...op.add, ...op.set, ...local];
}

/** A vector of a float twice. */
export function bothFloats(value: number): readonly number[] {
  return vector(Float64Array.of(value, value));
}

/** A vector of an integer twice. */
export function bothIntegers(value: bigint): readonly number[] {
  return vector(BigInt64Array.of(value, value));
}

/** A vector of four integers. */
export function fourIntegers(...values: readonly [number, number, number, number]): readonly number[] {
  return vector(Int32Array.from(values));
}

/** The bytes of this machine are in the order of WebAssembly, as shared memory has to be read, too. */
function vector(values: Float64Array | BigInt64Array | Int32Array): readonly number[] {
  return [0xfd, 0x0c, ...new Uint8Array(values.buffer)];
}

/** LEB128, as the format wants its whole numbers. */
export function unsigned(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** LEB128 with a sign, for a number that is not below 0. */
export function signed(value: number): readonly number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >>> 7)];
}
