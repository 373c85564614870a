import { Forest } from './forest.ts';

/** Values, children, bits of bins, features, one behind the other as they lie in memory, little-endian. */
export function forestBytes({ parts }: Forest): Uint8Array {
  const arrays = [parts.values, parts.children, parts.right, parts.features];
  return Buffer.concat(arrays.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength)));
}

/** The forest of a file's bytes; `starts` says how many nodes each tree has. */
export function forestFrom(bytes: Uint8Array, { outputs, starts }: { readonly outputs: number; readonly starts: readonly number[] }): Forest {
  const { buffer } = new Uint8Array(bytes);
  const nodes = starts[starts.length - 1]!;
  const leaves = nodes + starts.length - 1;
  const values = new Float64Array(buffer, 0, leaves);
  const children = new Int32Array(buffer, values.byteLength, 2 * nodes);
  const right = new Uint32Array(buffer, children.byteOffset + children.byteLength, 8 * nodes);
  const features = new Uint16Array(buffer, right.byteOffset + right.byteLength, nodes);
  return new Forest(outputs, Int32Array.from(starts), { values, children, right, features });
}
