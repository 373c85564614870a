const DIGIT_BITS = 11;
const BUCKETS = 1 << DIGIT_BITS;
const MASK = BUCKETS - 1;
/** Below this many rows the passes of a radix sort cost more than comparisons. */
const RADIX_FROM = 4096;

/** Row numbers by falling value; equal values keep their row order, and −0 equals 0. The values must not be NaN. */
export function descendingOrder(values: Float64Array): Uint32Array {
  const order = new Uint32Array(values.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  if (values.length < RADIX_FROM) return order.sort((a, b) => values[b]! - values[a]! || a - b);
  return radixSort(order, fallingKeys(values));
}

interface Keys {
  readonly low: Uint32Array;
  readonly high: Uint32Array;
}

/** Unsigned 64-bit keys, as two words, that rise as the values fall. */
function fallingKeys(values: Float64Array): Keys {
  // Adding 0 turns −0 into 0. Node runs on little-endian machines only, so the low word comes first.
  const words = new Uint32Array(values.map((value) => value + 0).buffer);
  const low = new Uint32Array(values.length);
  const high = new Uint32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const top = words[2 * i + 1]!;
    // Bits of positive doubles rise with the value, those of negative ones fall: flip the former, keep the latter.
    const flip = top < 0x80000000 ? 0xffffffff : 0;
    low[i] = words[2 * i]! ^ flip;
    high[i] = top ^ (flip & 0x7fffffff);
  }
  return { low, high };
}

/** Least significant digit first, so that each pass, being stable, keeps what the earlier ones sorted. */
function radixSort(start: Uint32Array, { low, high }: Keys): Uint32Array {
  let from: Uint32Array = start;
  let to: Uint32Array = new Uint32Array(start.length);
  for (const word of [low, high]) {
    for (let shift = 0; shift < 32; shift += DIGIT_BITS) {
      const offsets = offsetsOf(word, shift);
      if (offsets === undefined) continue;
      for (let i = 0; i < from.length; i++) {
        const row = from[i]!;
        const digit = (word[row]! >>> shift) & MASK;
        to[offsets[digit]!++] = row;
      }
      [from, to] = [to, from];
    }
  }
  return from;
}

/** Where each digit's rows begin, or undefined where all rows share one digit, as scores that were float32 often do. */
function offsetsOf(word: Uint32Array, shift: number): Uint32Array | undefined {
  const counts = new Uint32Array(BUCKETS);
  for (let i = 0; i < word.length; i++) counts[(word[i]! >>> shift) & MASK]!++;
  if (counts[((word[0] ?? 0) >>> shift) & MASK] === word.length) return undefined;
  let offset = 0;
  for (let digit = 0; digit < BUCKETS; digit++) {
    const count = counts[digit]!;
    counts[digit] = offset;
    offset += count;
  }
  return counts;
}
