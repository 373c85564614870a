import path from 'node:path';
import type { ColumnBatch } from '../../dataset/batch.ts';
import type { Contract } from '../../dataset/contract.ts';
import { writeFileWhole } from '../../shared/files.ts';
import type { EncodedInput, FittedModel, TrainingSummary } from '../family.ts';
import type { Backend } from './backend.ts';
import type { EncodedRows, Encoder } from './encoder.ts';
import { forwardAll } from './gather.ts';
import type { Head } from './head.ts';
import type { Learner } from './learner.ts';
import { inTurn } from './turns.ts';

export interface TensorParts {
  readonly summary: TrainingSummary;
  readonly encoder: Encoder;
  readonly head: Head;
  /** What the learner was made with; plain JSON. */
  readonly shape: object;
  readonly learner: Learner;
  /** What the learner's forward pass runs on, where that is not plain code. */
  readonly backend: Backend | undefined;
}

/** A trained network with its encoder. Its parameters are plain arrays: nothing is held in TensorFlow between two calls. */
export class TensorModel implements FittedModel {
  readonly summary: TrainingSummary;
  readonly contract: Contract;
  private readonly parts: TensorParts;

  constructor(parts: TensorParts) {
    this.parts = parts;
    this.summary = parts.summary;
    this.contract = parts.encoder.contract;
  }

  async predict(batch: ColumnBatch): Promise<Float64Array> {
    const { encoder, backend } = this.parts;
    const rows = encoder.encode(batch);
    if (backend === undefined) return this.forward(rows);
    return inTurn(async () => {
      await backend.use();
      return this.forward(rows);
    });
  }

  encoded(batch: ColumnBatch): readonly EncodedInput[] {
    const { encoder } = this.parts;
    const { numbers, codes } = encoder.encode(batch);
    return [
      ...encoder.numberColumns.map(({ name, flag, kind }, i) => ({ feature: name, as: flag ? 'missing' : kind === 'number' ? 'scaled' : 'normal score', value: numbers[i]! })),
      ...encoder.categoryColumns.map((feature, i) => ({ feature, as: `code of ${encoder.cardinalities[i]!}`, value: codes[i]! })),
    ];
  }

  private forward(rows: EncodedRows): Float64Array {
    const { head, learner } = this.parts;
    const values = new Float64Array(rows.rows * head.outputs);
    forwardAll(learner, rows, (from, count, raw) => head.predict(raw, count, { values, at: from * head.outputs }));
    return values;
  }

  async save(folder: string): Promise<void> {
    const { encoder, head, shape, learner } = this.parts;
    const { values } = learner.parameters;
    writeFileWhole(path.join(folder, 'encoder.json'), `${JSON.stringify(encoder.encoding, null, 1)}\n`);
    writeFileWhole(path.join(folder, 'network.json'), `${JSON.stringify({ scale: head.scale, shape }, null, 1)}\n`);
    writeFileWhole(path.join(folder, 'weights.bin'), new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }

  dispose(): void {
    // Plain arrays go with the model itself.
  }
}
