/** Cuts typed arrays out of one buffer, one after the other, each beginning on a line of the cache; without a buffer it only measures. */
export class Carver {
  at = 0;
  private readonly buffer: SharedArrayBuffer | undefined;

  constructor(buffer: SharedArrayBuffer | undefined) {
    this.buffer = buffer;
  }

  bytes(length: number): Uint8Array {
    return this.cut(length) === undefined ? new Uint8Array(0) : new Uint8Array(this.buffer!, this.start, length);
  }

  int8(length: number): Int8Array {
    return this.cut(length) === undefined ? new Int8Array(0) : new Int8Array(this.buffer!, this.start, length);
  }

  uint16(length: number): Uint16Array {
    return this.cut(2 * length) === undefined ? new Uint16Array(0) : new Uint16Array(this.buffer!, this.start, length);
  }

  int32(length: number): Int32Array {
    return this.cut(4 * length) === undefined ? new Int32Array(0) : new Int32Array(this.buffer!, this.start, length);
  }

  uint32(length: number): Uint32Array {
    return this.cut(4 * length) === undefined ? new Uint32Array(0) : new Uint32Array(this.buffer!, this.start, length);
  }

  float32(length: number): Float32Array {
    return this.cut(4 * length) === undefined ? new Float32Array(0) : new Float32Array(this.buffer!, this.start, length);
  }

  float64(length: number): Float64Array {
    return this.cut(8 * length) === undefined ? new Float64Array(0) : new Float64Array(this.buffer!, this.start, length);
  }

  private start = 0;

  private cut(size: number): SharedArrayBuffer | undefined {
    this.start = this.at;
    this.at += Math.ceil(size / 64) * 64;
    return this.buffer;
  }
}
