import { join } from 'node:path';
import { dateOf } from '../../../src/shared/days.ts';
import { makeFolder, writeFileWhole } from '../../../src/shared/files.ts';
import { makePopulation, snapshotDays, type Population } from './population.ts';

type Cell = string | number | null;

/**
 * Writes the customer job's source files into `<folder>/data/`, the same bytes every time: `customers.csv` (one row each,
 * with a sensitive `email`), `snapshots-2023-01.csv` to `snapshots-2024-06.csv` (one row for each customer there on the
 * first of the month, with the label `churned` and the leaking `retention_calls`, both known on `churn_known_on`),
 * `payments.csv` and `tickets.csv`. RFC 4180 with line feeds; what is missing is empty.
 */
export async function generateCustomers(folder: string): Promise<void> {
  const data = join(folder, 'data');
  makeFolder(data);
  const population = makePopulation(2000, 20230101);
  for (const [name, rows] of tablesOf(population)) writeFileWhole(join(data, name), rows.map(lineOf).join(''));
}

function* tablesOf(population: Population): Iterable<readonly [string, readonly (readonly Cell[])[]]> {
  yield ['customers.csv', customerRows(population)];
  for (const day of snapshotDays) yield [`snapshots-${dateOf(day).slice(0, 7)}.csv`, snapshotRows(population, day)];
  yield ['payments.csv', paymentRows(population)];
  yield ['tickets.csv', ticketRows(population)];
}

function customerRows({ customers }: Population): readonly (readonly Cell[])[] {
  const rows = customers.map((one) => [one.id, one.email, dateOf(one.joinedOn), one.birthYear, one.city, one.plan]);
  return [['customer_id', 'email', 'joined_on', 'birth_year', 'city', 'plan'], ...rows];
}

function snapshotRows({ snapshots }: Population, day: number): readonly (readonly Cell[])[] {
  const rows = snapshots
    .filter((one) => one.day === day)
    .map((one) => [
      one.customer.id,
      dateOf(day),
      one.customer.contract,
      one.fee.toFixed(2),
      one.usageHours?.toFixed(1) ?? null,
      one.retentionCalls,
      one.churned,
      dateOf(one.knownOn),
    ]);
  return [['customer_id', 'snapshot_date', 'contract', 'monthly_fee', 'usage_hours', 'retention_calls', 'churned', 'churn_known_on'], ...rows];
}

function paymentRows({ payments }: Population): readonly (readonly Cell[])[] {
  const rows = payments.map((one) => [one.customer.id, dateOf(one.dueOn), one.amount.toFixed(2), one.paidOn === null ? null : dateOf(one.paidOn)]);
  return [['customer_id', 'due_on', 'amount', 'paid_on'], ...rows];
}

function ticketRows({ tickets }: Population): readonly (readonly Cell[])[] {
  const rows = tickets.map((one, i) => [i + 1, one.customer.id, dateOf(one.openedOn), one.topic]);
  return [['ticket_id', 'customer_id', 'opened_on', 'topic'], ...rows];
}

function lineOf(cells: readonly Cell[]): string {
  return `${cells.map(textOf).join(',')}\n`;
}

function textOf(cell: Cell): string {
  const text = cell === null ? '' : String(cell);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
