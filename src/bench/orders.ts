import { closeSync, openSync, writeSync } from 'node:fs';
import type { Column, ColumnBatch } from '../dataset/batch.ts';
import { Random } from '../evaluation/random.ts';
import { dateOf, dayOf } from '../shared/days.ts';
import type { SqlType } from '../warehouse/warehouse.ts';

/** The night that the benchmark's model is trained as of; what is scored is of that day. */
export const AS_OF = '2024-03-01';
export const ORDER_TYPES = { order_id: 'integer', customer_id: 'integer', ordered_on: 'date', kind: 'text', amount: 'number', quantity: 'integer', returned: 'integer', known_on: 'date' } as const satisfies Readonly<Record<string, SqlType>>;
const BATCH_HEADER = 'order_id,customer_id,ordered_on,kind,amount,quantity\n';

const DAYS = 60;
const ORDERS_A_DAY = 1000;
const CUSTOMERS = 5000;
const KINDS = ['books', 'clothes', 'garden', 'games', 'kitchen', 'music', 'shoes', 'tools'];
const ROWS_AT_ONCE = 16_384;

/** An order to a shop; whether it comes back depends on its amount, its kind and the customer. */
interface Order {
  readonly id: number;
  readonly customer: number;
  readonly day: number;
  readonly kind: number;
  readonly cents: number;
  readonly quantity: number;
  readonly returned: number;
}

/** Orders of sixty days whose outcome is known, then those of the night's own day, whose outcome nobody knows. */
export function* shopOrders(fresh: number): Generator<ColumnBatch> {
  const first = dayOf(AS_OF) - DAYS;
  yield* batchesOf(orders({ rows: DAYS * ORDERS_A_DAY, id: 1, seed: 1, dayOf: (i) => first + Math.floor(i / ORDERS_A_DAY) }), true);
  yield* batchesOf(freshOrders(fresh), false);
}

/** Orders of the night's day as a CSV file, as somebody brings them. */
export function writeOrders(file: string, rows: number): void {
  const handle = openSync(file, 'w');
  try {
    let text = BATCH_HEADER;
    let held = 0;
    for (const { id, customer, kind, cents, quantity } of freshOrders(rows)) {
      text += `${id},${customer},${AS_OF},${KINDS[kind]},${(cents / 100).toFixed(2)},${quantity}\n`;
      if (++held % ROWS_AT_ONCE !== 0) continue;
      writeSync(handle, text);
      text = '';
    }
    writeSync(handle, text);
  } finally {
    closeSync(handle);
  }
}

function freshOrders(rows: number): Generator<Order> {
  return orders({ rows, id: DAYS * ORDERS_A_DAY + 1, seed: 2, dayOf: () => dayOf(AS_OF) });
}

function* orders({ rows, id, seed, dayOf: dayAt }: { readonly rows: number; readonly id: number; readonly seed: number; readonly dayOf: (i: number) => number }): Generator<Order> {
  const random = new Random(seed);
  for (let i = 0; i < rows; i++) {
    const [customer, kind, cents, quantity] = [1 + random.below(CUSTOMERS), random.below(KINDS.length), 100 + random.below(50_000), 1 + random.below(9)];
    const chance = 1 / (1 + Math.exp(3 - cents / 20_000 - (kind % 3) / 2 - (customer % 7) / 4));
    yield { id: id + i, customer, day: dayAt(i), kind, cents, quantity, returned: random.uniform() < chance ? 1 : 0 };
  }
}

function* batchesOf(rows: Iterable<Order>, isKnown: boolean): Generator<ColumnBatch> {
  let held: Order[] = [];
  for (const row of rows) {
    held.push(row);
    if (held.length < ROWS_AT_ONCE) continue;
    yield batchOf(held, isKnown);
    held = [];
  }
  if (held.length > 0) yield batchOf(held, isKnown);
}

function batchOf(rows: readonly Order[], isKnown: boolean): ColumnBatch {
  const missing = isKnown ? undefined : new Uint8Array(rows.length).fill(1);
  const number = (of: (row: Order) => number, nulls?: Uint8Array): Column => ({ storage: 'number', values: Float64Array.from(rows, of), nulls });
  const columns = new Map<keyof typeof ORDER_TYPES, Column>([
    ['order_id', number(({ id }) => id)],
    ['customer_id', number(({ customer }) => customer)],
    ['ordered_on', dates(rows.map(({ day }) => day))],
    ['kind', { storage: 'text', codes: Int32Array.from(rows, ({ kind }) => kind), dictionary: KINDS }],
    ['amount', number(({ cents }) => cents / 100)],
    ['quantity', number(({ quantity }) => quantity)],
    ['returned', number(({ returned }) => returned, missing)],
    ['known_on', isKnown ? dates(rows.map(({ day }) => day + 1)) : { storage: 'text', codes: new Int32Array(rows.length).fill(-1), dictionary: [] }],
  ]);
  return { rows: rows.length, columns };
}

function dates(days: readonly number[]): Column {
  const distinct = [...new Set(days)];
  return { storage: 'text', codes: Int32Array.from(days, (day) => distinct.indexOf(day)), dictionary: distinct.map(dateOf) };
}
