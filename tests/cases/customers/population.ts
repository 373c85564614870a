import { Random } from '../../../src/evaluation/random.ts';

/** Day numbers of the snapshots, the first of each month from 2023-01 to 2024-06. The data end on the last of them. */
export const snapshotDays = Array.from({ length: 18 }, (_, month) => dayOfMonth(month));
const lastDay = snapshotDays.at(-1)!;
/** Months of payments and tickets before the first snapshot, so that its rows have a past. */
const PAST_MONTHS = 4;
const MATURES_AFTER = 30;

export interface Customer {
  readonly id: string;
  readonly email: string | null;
  readonly joinedOn: number;
  readonly birthYear: number | null;
  readonly city: string;
  readonly plan: 'basic' | 'plus' | 'family';
  readonly contract: 'monthly' | 'yearly';
}

export interface Snapshot {
  readonly customer: Customer;
  readonly day: number;
  readonly fee: number;
  readonly usageHours: number | null;
  /** Known only 30 days after the snapshot; until then the source says 0, as sources do. */
  readonly churned: 0 | 1;
  readonly knownOn: number;
  /** Calls by the retention desk in those 30 days: an outcome beside the label, and no feature. */
  readonly retentionCalls: number;
}

export interface Payment {
  readonly customer: Customer;
  readonly dueOn: number;
  readonly amount: number;
  /** Null where it had not been paid when the data end. */
  readonly paidOn: number | null;
}

export interface Ticket {
  readonly customer: Customer;
  readonly openedOn: number;
  readonly topic: string;
}

export interface Population {
  readonly customers: readonly Customer[];
  readonly snapshots: readonly Snapshot[];
  readonly payments: readonly Payment[];
  readonly tickets: readonly Ticket[];
}

const given = ['Ada', 'Bruno', 'Chloé', 'Dmitri', 'Esra', 'Femi', 'Grete', 'Hiro', 'Inés', 'Jun'];
const family = ['Abe', 'Berg', 'Costa', 'Diaz', 'Eze', 'Fuchs', 'Garcia', 'Horvat', 'Ito', 'Jensen', "O'Neill"];
const cities = ['Zürich', 'Łódź', 'Washington, DC', 'Port "Old" Harbour', 'Accra', 'Lima', 'Osaka', 'Turku'];
const topics = ['billing', 'outage', 'speed', 'moving'];
const fees = { basic: 19.9, plus: 34.5, family: 49 };

/**
 * Made-up customers of a subscription, month by month. A mood that nobody sees drifts along; what it does is seen (late
 * payments, tickets, use) and it drives who leaves within 30 days of a snapshot, beside contract and tenure.
 */
export function makePopulation(count: number, seed: number): Population {
  const random = new Random(seed);
  const population = { customers: [] as Customer[], snapshots: [] as Snapshot[], payments: [] as Payment[], tickets: [] as Ticket[] };
  for (let i = 1; i <= count; i++) {
    const customer = makeCustomer(random, i);
    population.customers.push(customer);
    live(random, customer, population);
  }
  return population;
}

function makeCustomer(random: Random, number: number): Customer {
  const id = `C${String(number).padStart(4, '0')}`;
  const first = snapshotDays[0]!;
  // Seven in ten were there before the first snapshot, for up to five years; the others join month by month.
  const joinedOn = random.uniform() < 0.7 ? first - 10 - random.below(1800) : first + random.below(lastDay - first - 5);
  const name = `${pick(random, given)}.${pick(random, family)}`;
  return {
    id,
    email: random.uniform() < 0.02 ? null : `${name.toLowerCase()}.${number}@example.org`,
    joinedOn,
    birthYear: random.uniform() < 0.08 ? null : 1940 + random.below(65),
    city: pick(random, cities),
    plan: pick(random, ['basic', 'basic', 'plus', 'plus', 'family'] as const),
    contract: random.uniform() < 0.55 ? 'monthly' : 'yearly',
  };
}

/** One customer's months until the data end or the customer leaves. */
function live(random: Random, customer: Customer, into: { snapshots: Snapshot[]; payments: Payment[]; tickets: Ticket[] }): void {
  const habit = random.normal();
  let mood = random.normal();
  for (let month = 1 - PAST_MONTHS; month < snapshotDays.length; month++) {
    const from = dayOfMonth(month - 1);
    const day = dayOfMonth(month);
    mood = 0.8 * mood + 0.6 * random.normal();
    if (customer.joinedOn >= day) continue;
    into.payments.push(...payments(random, { customer, from, mood }));
    into.tickets.push(...tickets(random, { customer, from, until: day, mood }));
    if (month < 0) continue;
    const snapshot = makeSnapshot(random, { customer, day, mood, habit });
    into.snapshots.push(snapshot);
    if (snapshot.churned === 1) return;
  }
}

interface Month {
  readonly customer: Customer;
  readonly mood: number;
}

function makeSnapshot(random: Random, { customer, day, mood, habit }: Month & { day: number; habit: number }): Snapshot {
  const years = (day - customer.joinedOn) / 365;
  const odds = -4.15 - mood + (customer.contract === 'monthly' ? 0.9 : 0) - 0.5 * Math.log(years + 0.2);
  const leaves = random.uniform() < 1 / (1 + Math.exp(-odds));
  const calls = poisson(random, leaves ? 2.5 : 0.12);
  const known = day + MATURES_AFTER <= lastDay;
  const hours = Math.exp(3 + 0.35 * mood + 0.35 * habit + 0.2 * random.normal());
  return {
    customer,
    day,
    fee: feeOf(customer),
    usageHours: random.uniform() < 0.05 ? null : hours,
    churned: known && leaves ? 1 : 0,
    knownOn: day + MATURES_AFTER,
    retentionCalls: known ? calls : 0,
  };
}

/** A payment due on the 20th of the month that begins at `from`: the worse the mood, the later it comes. */
function payments(random: Random, { customer, from, mood }: Month & { from: number }): readonly Payment[] {
  const dueOn = from + 19;
  const late = Math.max(0, Math.round(-2 - 7 * mood + 4 * random.normal()));
  if (dueOn < customer.joinedOn) return [];
  return [{ customer, dueOn, amount: feeOf(customer), paidOn: dueOn + late >= lastDay ? null : dueOn + late }];
}

function tickets(random: Random, { customer, from, until, mood }: Month & { from: number; until: number }): readonly Ticket[] {
  const opened = Array.from({ length: poisson(random, Math.exp(-1.6 - 0.8 * mood)) }, () => ({
    customer,
    openedOn: from + random.below(until - from),
    topic: pick(random, topics),
  }));
  return opened.filter(({ openedOn }) => openedOn >= customer.joinedOn);
}

function feeOf({ plan, contract }: Customer): number {
  return fees[plan] * (contract === 'yearly' ? 0.9 : 1);
}

/** The day number of the first of a month, counted from 2023-01. */
function dayOfMonth(month: number): number {
  return Date.UTC(2023, month, 1) / 86_400_000;
}

function pick<T>(random: Random, from: readonly T[]): T {
  return from[random.below(from.length)]!;
}

/** Source: Knuth, "The Art of Computer Programming", vol. 2, 3.4.1, algorithm Q for small means. */
function poisson(random: Random, mean: number): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random.uniform(); product > limit; product *= random.uniform()) count++;
  return count;
}
