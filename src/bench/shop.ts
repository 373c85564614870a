import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openWarehouse } from '../warehouse/open.ts';
import type { Kind } from './night.ts';
import { AS_OF, ORDER_TYPES, shopOrders } from './orders.ts';

export interface Shop {
  readonly folder: string;
  readonly warehouse: Kind;
  readonly family: string;
  /** Orders of the night's own day that the source holds. */
  readonly fresh: number;
}

const PIPELINE = (family: string): string => `name: shop
as_of: ${AS_OF}
sources:
  orders:
    database: data/shop
    types: ${JSON.stringify(ORDER_TYPES)}
    time: ordered_on
    known_later: [{at: known_on, columns: [returned, known_on]}]
key: order_id
time: ordered_on
label: {column: returned, known_at: known_on}
features:
  number: [amount, quantity, price, orders_28, pieces_28, returned_28]
  category: [kind, weekday]
split: {train_days: 28, test_days: 7, fresh_days: 1}
model: {family: ${family}, backend: wasm}
`;

const SCRIPTS: Readonly<Record<string, string>> = {
  rows: `SELECT order_id, customer_id, ordered_on, ordered_on_day, ordered_on_day - {{ lead_days }} AS cutoff_day, kind, amount, quantity, returned, known_on, known_on_day
FROM {{ orders }}
WHERE ordered_on_day >= {{ rows_from_day }} AND ordered_on_day < {{ rows_until_day }}
`,
  customer_history: `SELECT r.customer_id, r.cutoff_day, count(*) AS orders, sum(o.quantity) AS pieces, sum(o.returned) AS returned
FROM (SELECT DISTINCT customer_id, cutoff_day FROM {{ rows }}) AS r
JOIN {{ orders }} AS o ON o.customer_id = r.customer_id AND o.ordered_on_day >= r.cutoff_day - 28 AND o.known_on_day <= r.cutoff_day
GROUP BY r.customer_id, r.cutoff_day
`,
  features: `SELECT r.order_id, r.ordered_on, r.ordered_on_day, r.kind, r.amount, r.quantity, r.amount / r.quantity AS price,
  CAST((r.ordered_on_day + 4) % 7 AS TEXT) AS weekday,
  coalesce(h.orders, 0) AS orders_28, coalesce(h.pieces, 0) AS pieces_28, CAST(h.returned AS DOUBLE) / h.orders AS returned_28,
  r.returned, r.known_on, r.known_on_day
FROM {{ rows }} AS r
LEFT JOIN {{ customer_history }} AS h ON h.customer_id = r.customer_id AND h.cutoff_day = r.cutoff_day
`,
};

/** A project of its own: orders in a database, a history of each customer by SQL, eight features of six columns. */
export async function makeShop({ folder, warehouse, family, fresh }: Shop): Promise<void> {
  const steps = join(process.env['NIGHTSHIFT_ROOT'] ?? '', 'steps');
  mkdirSync(join(folder, 'steps/01-extract'), { recursive: true });
  for (const name of readdirSync(steps)) if (/^0\d-.*\.ts$/.test(name)) cpSync(join(steps, name), join(folder, 'steps', name));
  for (const name of ['02-split', '06-test']) cpSync(join(steps, name), join(folder, 'steps', name), { recursive: true });
  writeFileSync(join(folder, 'pipeline.yaml'), PIPELINE(family));
  for (const [name, sql] of Object.entries(SCRIPTS)) writeFileSync(join(folder, 'steps/01-extract', `${name}.sql`), sql);
  const source = await openWarehouse({ kind: warehouse, file: join(folder, 'data', warehouse === 'sqlite' ? 'shop.db' : 'shop.duckdb') });
  try {
    await source.load('orders', ORDER_TYPES, asynchronous(shopOrders(fresh)));
  } finally {
    await source.close();
  }
}

async function* asynchronous<T>(items: Iterable<T>): AsyncGenerator<T> {
  yield* items;
}
