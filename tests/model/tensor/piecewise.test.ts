import { describe, expect, test } from '@jest/globals';
import { Random } from '../../../src/evaluation/random.ts';
import { binEdges } from '../../../src/model/tensor/bin-edges.ts';
import type { Batch } from '../../../src/model/tensor/learner.ts';
import { Parameters } from '../../../src/model/tensor/parameters.ts';
import { Piecewise, piecewiseShapes } from '../../../src/model/tensor/piecewise.ts';

const DIMENSIONS = 3;
const edges = [-1, 0, 0.5, 2];
const columns = [{ number: 0, edges }];

function made(): { piecewise: Piecewise; parameters: Parameters } {
  const parameters = new Parameters(piecewiseShapes(columns, DIMENSIONS));
  const piecewise = new Piecewise(columns, DIMENSIONS, { parameters, first: 0, inputWidth: 1 });
  piecewise.initialise(new Random(1));
  return { piecewise, parameters };
}

function vectorsOf(piecewise: Piecewise, values: readonly number[]): Float32Array {
  const batch: Batch = { rows: values.length, inputs: Float32Array.from(values), codes: new Int32Array(0), labels: new Float64Array(values.length), weights: undefined };
  const target = new Float32Array(values.length * DIMENSIONS);
  piecewise.prepare();
  piecewise.lookUp(batch, target, DIMENSIONS);
  return target;
}

/** Component by component, as the paper writes it down. */
function written(value: number, { parameters }: { parameters: Parameters }): number[] {
  const [slopes, biases, steps] = parameters.slots.map((slot) => parameters.of(slot)) as [Float32Array, Float32Array, Float32Array];
  const bins = edges.length - 1;
  const components = Array.from({ length: bins }, (_, bin) => {
    const share = (value - edges[bin]!) / (edges[bin + 1]! - edges[bin]!);
    const low = bin === 0 ? share : Math.max(0, share);
    return bin === bins - 1 ? low : Math.min(1, low);
  });
  return Array.from({ length: DIMENSIONS }, (_, k) => slopes[k]! * value + biases[k]! + components.reduce((sum, part, bin) => sum + part * steps[bin * DIMENSIONS + k]!, 0));
}

describe('a piecewise-linear embedding', () => {
  const values = [-7, -1, -0.4, 0, 0.25, 0.5, 1.9, 2, 11];

  test('is a line at the start, also beyond the outermost edges', () => {
    const { piecewise, parameters } = made();
    const [slopes, biases] = parameters.slots.map((slot) => parameters.of(slot)) as [Float32Array, Float32Array];
    const found = vectorsOf(piecewise, values);
    values.forEach((value, i) => {
      for (let k = 0; k < DIMENSIONS; k++) expect(found[i * DIMENSIONS + k]).toBeCloseTo(slopes[k]! * value + biases[k]!, 5);
    });
  });

  test('has components held within 0 and 1, the first going on below and the last above', () => {
    const one = made();
    const steps = one.parameters.of(one.parameters.slots[2]!);
    steps.forEach((_, at) => (steps[at] = Math.sin(at + 1)));
    const found = vectorsOf(one.piecewise, values);
    const expected = values.flatMap((value) => written(value, one));
    expected.forEach((value, at) => expect(found[at]).toBeCloseTo(value, 4));
  });
});

describe('bin edges', () => {
  test('of a column that is 0 in nine rows of ten still part the values that are not', () => {
    const random = new Random(3);
    const values = Float32Array.from({ length: 5000 }, (_, i) => (i % 10 === 0 ? 1 + 9 * random.uniform() : 0));
    const edges = binEdges(values, 32);
    expect(edges.filter((edge) => edge > 1 && edge < 10).length).toBeGreaterThanOrEqual(15);
    expect(edges).toEqual([...new Set(edges)].toSorted((a, b) => a - b));
    expect(edges.length).toBeLessThanOrEqual(33);
  });

  test('reach from the smallest to the largest value, one at each where these are few', () => {
    expect(binEdges(Float32Array.of(3, 1, 2, 2, 9), 32)).toEqual([1, 2, 3, 9]);
    const many = binEdges(Float32Array.from({ length: 1000 }, (_, i) => i), 8);
    expect([many[0], many.at(-1)]).toEqual([0, 999]);
  });

  test('are none where a line says all there is: at most two distinct values', () => {
    expect(binEdges(Float32Array.of(0, 1, 1, 0), 32)).toEqual([]);
  });
});
