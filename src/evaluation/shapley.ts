import { Random } from './random.ts';

/** What is divided among players. */
export interface Game {
  readonly players: number;
  /** The worth of some coalitions: player p belongs to coalition c where `members[c * players + p]` is 1. */
  readonly worth: (members: Uint8Array, coalitions: number) => Promise<Float64Array>;
  readonly seed: number;
  /** Coalitions that are measured at most; where there are no more, every one is. At least two pairs of orders are drawn, whatever this says. */
  readonly most: number;
}

/** Each player's share of what all are worth together beyond what nobody is. The shares add up to `full − empty`, but for rounding. */
export interface Shares {
  readonly contributions: Float64Array;
  /** The standard error of each share by the orders that were drawn; 0 where every coalition was measured. */
  readonly errors: Float64Array;
  readonly empty: number;
  readonly full: number;
  readonly measured: number;
  /** Orders that were drawn; null where every coalition was measured. */
  readonly orders: number | null;
}

/** Orders are drawn until each error is within this share of the largest contribution. */
const CLOSE_ENOUGH = 0.01;
/** Pairs of orders at first; twice as many at each further go. */
const FIRST_PAIRS = 8;

/**
 * Shapley values of a game: by every coalition where those are few, else by what each player adds in orders drawn at random, each with its reverse.
 * Sources: Shapley, "A value for n-person games" (1953); Štrumbelj and Kononenko, "Explaining prediction models and individual predictions
 * with feature contributions", Knowledge and Information Systems 41 (2014), algorithm 1; for the reverse order, Mitchell and others,
 * "Sampling permutations for Shapley value estimation", JMLR 23 (2022), section 4.
 */
export async function shapleyShares(game: Game): Promise<Shares> {
  return 2 ** game.players <= game.most ? exactShares(game) : sampledShares(game);
}

async function exactShares({ players, worth }: Game): Promise<Shares> {
  const all = 2 ** players;
  const members = Uint8Array.from({ length: all * players }, (_, i) => (Math.floor(i / players) >> (i % players)) & 1);
  const worths = await worth(members, all);
  const weights = weightsOf(players);
  const contributions = new Float64Array(players);
  for (let coalition = 0; coalition < all; coalition++) {
    const weight = weights[sizeOf(coalition)]!;
    for (let player = 0; player < players; player++) {
      const joined = coalition | (1 << player);
      if (joined !== coalition) contributions[player]! += weight * (worths[joined]! - worths[coalition]!);
    }
  }
  return { contributions, errors: new Float64Array(players), empty: worths[0]!, full: worths[all - 1]!, measured: all, orders: null };
}

/** In which share of all orders those of a coalition of each size come before a given player, and all others after it: s! (n − s − 1)! / n!. */
function weightsOf(players: number): Float64Array {
  const weights = new Float64Array(players);
  let weight = 1 / players;
  for (let size = 0; size < players; size++) {
    weights[size] = weight;
    weight *= (size + 1) / (players - size - 1);
  }
  return weights;
}

function sizeOf(coalition: number): number {
  let size = 0;
  for (let rest = coalition; rest > 0; rest >>= 1) size += rest & 1;
  return size;
}

async function sampledShares({ players, worth, seed, most }: Game): Promise<Shares> {
  const ends = await worth(Uint8Array.from({ length: 2 * players }, (_, i) => (i < players ? 0 : 1)), 2);
  const [empty, full] = [ends[0]!, ends[1]!];
  const random = new Random(seed);
  const mean = new RunningMean(players);
  const limit = Math.max(2, Math.floor((most - 2) / (2 * (players - 1))));
  for (let go = FIRST_PAIRS; mean.count < limit && !isCloseEnough(mean); go *= 2) {
    const orders = Array.from({ length: Math.min(go, limit - mean.count) }, () => drawOrder(players, random)).flatMap((order) => [order, order.toReversed()]);
    const worths = await worth(coalitionsOf(orders, players), orders.length * (players - 1));
    for (let pair = 0; pair < orders.length; pair += 2) {
      const added = [pair, pair + 1].map((at) => addedIn(orders[at]!, [empty, ...worths.subarray(at * (players - 1), (at + 1) * (players - 1)), full]));
      mean.add(added[0]!.map((value, player) => (value + added[1]![player]!) / 2));
    }
  }
  return { contributions: mean.values, errors: mean.errors(), empty, full, measured: 2 + mean.count * 2 * (players - 1), orders: 2 * mean.count };
}

function isCloseEnough(mean: RunningMean): boolean {
  if (mean.count < 2) return false;
  const largest = mean.values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return mean.errors().every((error) => error <= CLOSE_ENOUGH * largest);
}

function drawOrder(players: number, random: Random): Uint32Array {
  const order = Uint32Array.from({ length: players }, (_, player) => player);
  for (let i = players - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** Of each order the coalitions of its first player, its first two, and so on, up to all but its last. */
function coalitionsOf(orders: readonly Uint32Array[], players: number): Uint8Array {
  const members = new Uint8Array(orders.length * (players - 1) * players);
  let at = 0;
  for (const order of orders) {
    for (let size = 1; size < players; size++, at += players) {
      for (let place = 0; place < size; place++) members[at + order[place]!] = 1;
    }
  }
  return members;
}

/** What each player adds to those that come before it. */
function addedIn(order: Uint32Array, worths: readonly number[]): Float64Array {
  const added = new Float64Array(order.length);
  order.forEach((player, place) => (added[player] = worths[place + 1]! - worths[place]!));
  return added;
}

/** Means of some values and how sure they are. Source: Welford, Technometrics 4 (1962). */
class RunningMean {
  readonly values: Float64Array;
  count = 0;
  readonly #squares: Float64Array;

  constructor(length: number) {
    this.values = new Float64Array(length);
    this.#squares = new Float64Array(length);
  }

  add(one: Float64Array): void {
    this.count++;
    one.forEach((value, i) => {
      const off = value - this.values[i]!;
      this.values[i]! += off / this.count;
      this.#squares[i]! += off * (value - this.values[i]!);
    });
  }

  /** The standard error of each mean. */
  errors(): Float64Array {
    return this.#squares.map((sum) => Math.sqrt(sum / (this.count - 1) / this.count));
  }
}
