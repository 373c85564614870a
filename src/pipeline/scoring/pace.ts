/** How fast something goes on, and how long it will take, in words. */
export class Pace {
  readonly #doing: string;
  readonly #total: number | undefined;
  readonly #now: () => number;
  readonly #start: number;

  /** `total`: the rows there are, where that is known. */
  constructor(doing: string, total?: number, now: () => number = () => performance.now()) {
    this.#doing = doing;
    this.#total = total;
    this.#now = now;
    this.#start = now();
  }

  /** `share`: how much is done, from 0 to 1; undefined where nobody knows. */
  text(rows: number, share: number | undefined): string {
    const seconds = (this.#now() - this.#start) / 1000;
    const done = `${this.#doing} ${grouped(rows)}${this.#total === undefined ? '' : ` of ${grouped(this.#total)}`} rows`;
    if (seconds <= 0) return done;
    const left = share === undefined || share <= 0 ? [] : [`${Math.round(share * 100)}%`, `${Math.ceil(seconds / share - seconds)} s left`];
    return [done, `${grouped(Math.round(rows / seconds))} rows/s`, ...left].join(', ');
  }
}

function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}
