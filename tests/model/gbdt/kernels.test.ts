import { describe, expect, test } from '@jest/globals';
import { Random } from '../../../src/evaluation/random.ts';
import { BinSearch } from '../../../src/model/gbdt/bin-search.ts';
import { Forest } from '../../../src/model/gbdt/forest.ts';
import { addRows, divideRows } from '../../../src/model/gbdt/histogram.ts';
import { Engine, tasks } from '../../../src/model/gbdt/engine.ts';
import { exponential } from '../../../src/model/gbdt/exponential.ts';
import { fillGradients } from '../../../src/model/gbdt/gradients.ts';
import { kernelFor } from '../../../src/model/gbdt/kernel.ts';
import { drawRows, packingFor, quantise } from '../../../src/model/gbdt/packing.ts';
import { noteLeaf, noteWalked, sumLeaves } from '../../../src/model/gbdt/settle.ts';
import { type Shape, blockOf, offsetsOf } from '../../../src/model/gbdt/shape.ts';
import { vectorKernelFor } from '../../../src/model/gbdt/vector-kernel.ts';
import { viewsOf } from '../../../src/model/gbdt/views.ts';
import { wasm } from '../../../src/model/gbdt/wasm.ts';

const ROWS = 3000;
const counts = [7, 256, 2, 100, 31];
const offsets = offsetsOf(counts);
const width = counts.length;

/** A shared memory of bins, packed gradients, row numbers and room for a histogram, drawn at random. */
function memoryOf(seed: number) {
  const memory = new wasm.Memory({ initial: 4, maximum: 4, shared: true });
  const random = new Random(seed);
  const packed = new Float64Array(memory.buffer, 0, ROWS).map(() => random.below(1000) - 500);
  const histogram = new Float64Array(memory.buffer, 8 * ROWS, offsets[width]);
  const index = new Uint32Array(memory.buffer, 8 * ROWS + 8 * 400, ROWS);
  const spare = new Uint32Array(memory.buffer, index.byteOffset + 4 * ROWS, ROWS);
  const bins = new Uint8Array(memory.buffer, spare.byteOffset + 4 * ROWS, ROWS * width);
  const right = new Uint8Array(memory.buffer, bins.byteOffset + ROWS * width, 256);
  new Float64Array(memory.buffer, 0, ROWS).set(packed);
  bins.forEach((_, at) => (bins[at] = random.below(counts[at % width]!)));
  right.forEach((_, at) => (right[at] = random.below(2)));
  let rows = 0;
  for (let row = 0; row < ROWS; row++) if (random.uniform() < 0.7) index[rows++] = row;
  return { memory, packed: new Float64Array(memory.buffer, 0, ROWS), histogram, index, spare, bins, right, rows };
}

describe('the loops in WebAssembly do what the plain ones do', () => {
  test('counting rows into a histogram', () => {
    const { memory, packed, histogram, index, bins, rows } = memoryOf(1);
    const plain = new Float64Array(offsets[width]!);
    addRows(plain, { bins, offsets, width }, { index: index.subarray(0, rows), packed });
    kernelFor(counts, memory).add(index.byteOffset, index.byteOffset + 4 * rows, bins.byteOffset, packed.byteOffset, histogram.byteOffset);
    expect(histogram).toEqual(plain);
    expect(plain.some((sum) => sum !== 0)).toBe(true);
  });

  test.each([0, 1, 4])('dividing rows by feature %i', (feature) => {
    const { memory, index, spare, bins, right, rows } = memoryOf(2);
    const plain = Uint32Array.from(index);
    const kept = divideRows(plain.subarray(0, rows), new Uint32Array(rows), { bins, width, feature, right });
    const end = kernelFor(counts, memory).divide(index.byteOffset, index.byteOffset + 4 * rows, bins.byteOffset + feature, right.byteOffset, spare.byteOffset);
    expect((end - index.byteOffset) / 4).toBe(kept);
    expect(Uint32Array.from(index)).toEqual(plain);
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(rows);
  });

  test.each([1024, 4096, 3 * 1024 + 7, 5])('gradients, hessians, their largest and the loss of %i rows', (rows) => {
    const shape: Shape = { task: 'binary', rows, heldRows: 0, width: 1, counts: [2], outputs: 1, leaves: 2, weighted: false, threads: 1, block: blockOf(rows) };
    const filled = [true, false].map((vectors) => {
      const memory = new wasm.Memory({ initial: 8, maximum: 8, shared: true });
      const views = viewsOf(shape, memory.buffer);
      const random = new Random(rows);
      for (let row = 0; row < rows; row++) [views.scores[row], views.labels[row]] = [row < 4 ? [-800, 800, 0, 44.3][row]! : 9 * random.normal(), random.below(2)];
      const kernel = vectorKernelFor(memory);
      expect(kernel).toBeDefined();
      fillGradients(shape, views, 0, vectors ? kernel : undefined);
      return [views.gradients, views.hessians, views.largest, views.losses].map((one) => [...one]);
    });
    expect(filled[0]).toEqual(filled[1]);
    expect(filled[0]![3]!.every((loss) => loss > 0)).toBe(true);
  });

  test('noting the leaves of rows, drawn and not, and adding up their gradients', () => {
    const shape: Shape = { task: 'binary', rows: 3000, heldRows: 0, width: 3, counts: [256, 256, 256], outputs: 1, leaves: 4, weighted: false, threads: 1, block: 4096 };
    const [kernel, plain] = [true, false].map((vectors) => {
      const memory = new wasm.Memory({ initial: 8, maximum: 8, shared: true });
      const views = viewsOf(shape, memory.buffer);
      const { leafOf, index, bins, nodeFeatures, nodeChildren, nodeRight, gradients, hessians, leafSums } = views;
      const random = new Random(3);
      bins.forEach((_, at) => (bins[at] = random.below(256)));
      nodeRight.forEach((_, at) => (nodeRight[at] = random.below(2)));
      nodeFeatures.set([2, 0, 1]);
      nodeChildren.set([1, 2, -1, -2, -3, -4]);
      index.forEach((_, at) => (index[at] = (at * 7) % 3000));
      gradients.forEach((_, row) => ([gradients[row], hessians[row]] = [random.normal(), random.uniform()]));
      const settling = vectorKernelFor(memory);
      expect(settling).toBeDefined();
      const tree = { features: nodeFeatures, children: nodeChildren, right: nodeRight, nodes: 3 };
      if (vectors && settling !== undefined) {
        settling.note(index.byteOffset, index.byteOffset + 4 * 1000, leafOf.byteOffset, 3);
        settling.walk(index.byteOffset + 4 * 1000, index.byteOffset + 4 * 3000, leafOf.byteOffset, bins.byteOffset, 3, nodeFeatures.byteOffset, nodeChildren.byteOffset, nodeRight.byteOffset);
        settling.sum(leafOf.byteOffset, leafOf.byteOffset + 2 * 3000, gradients.byteOffset, hessians.byteOffset, leafSums.byteOffset);
      } else {
        noteLeaf(leafOf, index.subarray(0, 1000), 3);
        noteWalked(leafOf, index.subarray(1000, 3000), { tree, bins, width: 3 });
        sumLeaves(leafSums, leafOf, { gradients, hessians });
      }
      return [[...leafOf], [...leafSums]];
    });
    expect(kernel).toEqual(plain);
    expect(new Set(plain![0])).toEqual(new Set([0, 1, 2, 3]));
  });

  test.each([2 ** 32 - 1, 3_000_000_000, 0])('quantising gradients and drawing rows up to a draw of %i', (highest) => {
    const rows = 2000;
    const shape: Shape = { task: 'binary', rows, heldRows: 0, width: 1, counts: [2], outputs: 1, leaves: 2, weighted: false, threads: 1, block: 4096 };
    const how = { unit: 2 ** 30, gradientScale: 31 / 3, hessianScale: 63, seed: -123_456 };
    const [kernel, plain] = [true, false].map((vectors) => {
      const memory = new wasm.Memory({ initial: 8, maximum: 8, shared: true });
      const { gradients, hessians, packed, index, args } = viewsOf(shape, memory.buffer);
      const random = new Random(5);
      gradients.forEach((_, row) => ([gradients[row], hessians[row]] = [random.normal(), random.uniform()]));
      args.set([how.gradientScale, how.hessianScale, how.unit]);
      const drawing = vectorKernelFor(memory);
      expect(drawing).toBeDefined();
      if (!vectors || drawing === undefined) {
        quantise(packed, { gradients, hessians, from: 0, to: rows }, how);
        return [drawRows(index, { from: 0, to: rows, seed: how.seed, highest, first: 0, end: rows }), [...packed], [...index]];
      }
      const end = drawing.draw(gradients.byteOffset, gradients.byteOffset + 4 * rows, hessians.byteOffset, packed.byteOffset, args.byteOffset, 0, how.seed, highest, index.byteOffset, index.byteOffset + 4 * rows);
      return [(end - index.byteOffset) / 4, [...packed], [...index]];
    });
    expect(kernel).toEqual(plain);
    expect(new Set(plain![2] as number[]).size).toBe(rows);
    if (highest > 3_000_000_000) expect(plain![0]).toBe(rows);
  });

  test('rows may lie beyond two gigabytes', () => {
    const pages = 2 ** 15 + 8;
    const memory = new wasm.Memory({ initial: pages, maximum: pages, shared: true });
    const shape: Shape = { task: 'binary', rows: 100, heldRows: 0, width: 1, counts: [2], outputs: 1, leaves: 2, weighted: false, threads: 1, block: 1024 };
    const far = new Uint8Array(memory.buffer, 2 ** 31 + 64, 4096);
    const engine = new Engine(shape, memory);
    // The views of a table so wide as that, of which a hundred rows are enough.
    Object.assign(engine.views, { index: new Uint32Array(memory.buffer, far.byteOffset, 100) });
    engine.views.gradients.fill(0.5);
    engine.views.args.set([0, 10, 10, 2 ** 30, 7, 2 ** 31]);
    engine.perform(tasks.draw, 0);
    const drawn = engine.views.sizes[0]!;
    expect(drawn).toBeGreaterThan(30);
    expect(drawn).toBeLessThan(70);
    engine.views.bins.forEach((_, row) => (engine.views.bins[row] = row % 2));
    engine.views.nodeRight[1] = 1;
    engine.views.args.set([0, 1, 0]);
    engine.perform(tasks.split, 0);
    expect([...engine.views.index.subarray(0, engine.views.sizes[0])].every((row) => row % 2 === 0)).toBe(true);
    expect([...engine.views.index.subarray(engine.views.begins[1], engine.views.begins[1]! + engine.views.sizes[1]!)].every((row) => row % 2 === 1)).toBe(true);
    expect(engine.views.sizes[0]! + engine.views.sizes[1]!).toBe(drawn);
  });

  test('powers of e, to fourteen digits', () => {
    for (let x = -44; x <= 44; x += 0.01) expect(Math.abs(exponential(x) / Math.exp(x) - 1)).toBeLessThan(2e-14);
    expect([exponential(0), exponential(1000), exponential(-Infinity), exponential(NaN)]).toEqual([1, exponential(44), exponential(-44), NaN]);
  });

  test.each([0, 1, 2, 3, 5, 200, 254])('finding the bins of numbers among %i edges, edges themselves and the missing among them', (count) => {
    const random = new Random(count);
    const edges = Float64Array.from({ length: count }, () => random.normal()).sort();
    const values = Float64Array.from([...edges, NaN, -1e300, 1e300, ...Array.from({ length: 500 }, () => random.normal())]);
    const { cells, notFinite } = new BinSearch([[], [...edges]]).find(1, values);
    expect([...cells.subarray(0, values.length)]).toEqual(Array.from(values, (value) => (value === value ? 1 + edges.filter((edge) => edge < value).length : 0)));
    expect(notFinite).toBe(1);
  });

  test('finding leaves by masks, and node by node', () => {
    const random = new Random(9);
    const trees = [0, 1, 5, 31].map((nodes) => ({
      features: Uint16Array.from({ length: nodes }, () => random.below(width)),
      children: chained(nodes),
      right: Uint32Array.from({ length: 8 * nodes }, () => random.word()),
      values: Float64Array.from({ length: nodes + 1 }, () => random.normal()),
    }));
    const cells = Uint8Array.from({ length: 1000 * width }, () => random.below(256));
    const many = new Float64Array(2000);
    Forest.of(2, trees).addTo(many, { cells, rows: 1000 });
    for (let row = 0; row < 1000; row += 37) {
      const one = new Float64Array(2);
      // A single row is walked.
      Forest.of(2, trees).addTo(one, { cells: Uint8Array.from({ length: width }, (_, place) => cells[place * 1000 + row]!), rows: 1 });
      expect(one).toEqual(many.slice(2 * row, 2 * row + 2));
    }
  });
});

/** Children of a tree in which every node hangs on the one before, left and right in turn. */
function chained(nodes: number): Int32Array {
  const leaf = (number: number): number => -1 - number;
  return Int32Array.from({ length: 2 * nodes }, (_, at) => {
    const node = at >> 1;
    const next = node + 1 < nodes ? node + 1 : leaf(nodes);
    return (at & 1) === (node & 1) ? next : leaf(node);
  });
}

describe('packed sums', () => {
  test.each([[50, false], [1000, true], [1_000_000, false], [16_000_000, true], [16_777_215, false]] as const)('of %i rows (counting: %p) are exact at their largest', (rows, counting) => {
    const { unit, gradients, hessians } = packingFor(rows, counting);
    expect(gradients).toBeGreaterThanOrEqual(2);
    expect(rows * hessians).toBeLessThan(unit);
    expect(rows * (gradients + 1) * unit + rows * hessians).toBeLessThanOrEqual(Number.MAX_SAFE_INTEGER + 1);
  });

  test('quantised gradients are right on average, and never beyond their levels', () => {
    const rows = 20_000;
    const { unit, gradients: levels, hessians } = packingFor(rows, false);
    const random = new Random(3);
    const gradients = Float32Array.from({ length: rows }, () => random.uniform() * 2 - 1);
    const packed = new Float64Array(rows);
    quantise(packed, { gradients, hessians: new Float32Array(rows).fill(0.25), from: 0, to: rows }, { unit, gradientScale: 3, hessianScale: 3, seed: 4 });
    const parts = Array.from(packed, (value) => Math.floor(value / unit));
    expect(Math.max(...parts.map(Math.abs))).toBeLessThanOrEqual(3);
    const exact = gradients.reduce((sum, one) => sum + 3 * one, 0);
    // Rounding has a variance of a quarter a row at most.
    expect(Math.abs(parts.reduce((sum, one) => sum + one, 0) - exact)).toBeLessThan(4 * Math.sqrt(rows / 4));
    const sum = packed.reduce((total, value) => total + (value - Math.floor(value / unit) * unit), 0);
    expect(Math.abs(sum - 0.75 * rows)).toBeLessThan(4 * Math.sqrt(rows / 4));
    expect(levels).toBeGreaterThan(1000);
    expect(hessians).toBeGreaterThan(1000);
  });
});
