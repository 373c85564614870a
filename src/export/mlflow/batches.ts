export interface Entry {
  readonly key: string;
  readonly value: string;
}

export interface MetricPoint {
  readonly key: string;
  readonly value: number;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  /** 0, or the round of a training. */
  readonly step: number;
}

/** What is logged of a run, whole or one request's worth of it. */
export interface Loggable {
  readonly metrics: readonly MetricPoint[];
  readonly params: readonly Entry[];
  readonly tags: readonly Entry[];
}

/** Of one request; MLflow takes 1,000 metrics, 100 parameters, 100 tags, 1,000 of all together, in 1,000,000 bytes. */
const MOST = { metrics: 1000, params: 100, tags: 100 };
const MOST_TOGETHER = 1000;
const MOST_BYTES = 900_000;

/** Deals what is to be logged to as few requests as their limits allow: parameters and tags first, since they say which run it is. */
export function batches({ metrics, params, tags }: Loggable): readonly Loggable[] {
  const made: Batch[] = [];
  const deal = (kind: keyof Loggable, items: readonly (Entry | MetricPoint)[]): void => {
    let at = 0;
    for (const item of items) {
      while (made[at]?.take(kind, item) === false) at += 1;
      if (at === made.length) made.push(new Batch(kind, item));
    }
  };
  deal('params', params);
  deal('tags', tags);
  deal('metrics', metrics);
  return made.map((batch) => batch.content as Loggable);
}

class Batch {
  readonly content: { readonly [Kind in keyof Loggable]: (Entry | MetricPoint)[] } = { metrics: [], params: [], tags: [] };
  #bytes = 0;
  #items = 0;

  /** A batch with its first item, which may be as large as it is. */
  constructor(kind: keyof Loggable, first: Entry | MetricPoint) {
    this.#add(kind, first, sizeOf(first));
  }

  /** Whether there was room. */
  take(kind: keyof Loggable, item: Entry | MetricPoint): boolean {
    const bytes = sizeOf(item);
    if (this.content[kind].length >= MOST[kind] || this.#items >= MOST_TOGETHER || this.#bytes + bytes > MOST_BYTES) return false;
    this.#add(kind, item, bytes);
    return true;
  }

  #add(kind: keyof Loggable, item: Entry | MetricPoint, bytes: number): void {
    this.content[kind].push(item);
    this.#bytes += bytes;
    this.#items += 1;
  }
}

/** As JSON, with a comma. */
function sizeOf(item: Entry | MetricPoint): number {
  return Buffer.byteLength(JSON.stringify(item)) + 1;
}
