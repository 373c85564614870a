import { describe, expect, test } from '@jest/globals';
import type { ColumnBatch } from '../../../src/dataset/batch.ts';
import type { Contract } from '../../../src/dataset/contract.ts';
import { Random } from '../../../src/evaluation/random.ts';
import type { FitInput, FittedModel } from '../../../src/model/family.ts';
import { gbdtFamily, type GbdtOptions } from '../../../src/model/gbdt-family.ts';
import { fitWithEngine } from '../../../src/model/gbdt/fit-gbdt.ts';
import { drawnShares } from '../../../src/model/gbdt/auto-options.ts';
import { batchOf, numbers, parts, planted, plantedContract, sourceOf, text } from '../made.ts';

interface Request {
  readonly train: ColumnBatch;
  readonly validation?: ColumnBatch;
  readonly contract?: Contract;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly weigh?: FitInput['weigh'];
}

function inputOf({ train, validation, contract = plantedContract, options = {}, weigh }: Request): FitInput {
  return { contract, train: sourceOf(train), validation: validation === undefined ? undefined : sourceOf(validation), options: gbdtFamily.parseOptions(options), weigh, seed: 3, threads: 1, progress: () => undefined };
}

function fitted(request: Request): Promise<FittedModel> {
  return gbdtFamily.fit(inputOf(request));
}

const regression = (...features: Contract['features']): Contract => ({ task: 'regression', features, label: 'y', classes: [] });
const a = { name: 'a', kind: 'number' } as const;
const b = { name: 'b', kind: 'number' } as const;

function rmse(batch: ColumnBatch, predictions: Float64Array): number {
  const labels = batch.columns.get('y');
  if (labels?.storage !== 'number') throw new Error('no labels');
  return Math.sqrt(predictions.reduce((sum, one, row) => sum + (one - labels.values[row]!) ** 2, 0) / batch.rows);
}

describe('prediction', () => {
  const train = planted(2000, 1);

  test.each(['binary', 'multiclass', 'regression'] as const)('comes to the scores of training to the last bit: %s', async (task) => {
    const contract: Contract = task === 'multiclass' ? { ...plantedContract, task, label: 'city', features: [a, b], classes: ['Bern', 'Oslo', 'Rome'] } : { ...plantedContract, task };
    const input = inputOf({ train, contract, options: { trees: 10, min_rows: 5 } });
    const { model, engine } = await fitWithEngine(input, input.options as unknown as GbdtOptions);
    const { outputs, rows } = engine.shape;
    const scores = model.scores(train);
    expect(scores.some((score) => score !== scores[0])).toBe(true);
    expect(Float64Array.from(scores, (_, at) => engine.views.scores[(at % outputs) * rows + Math.floor(at / outputs)]!)).toEqual(scores);
  });

  test('is the same for a row alone and among others, also with more leaves than a mask has bits', async () => {
    const model = await fitted({ train, options: { trees: 5, leaves: 40, min_rows: 2 } });
    const together = await model.predict(train);
    const [first] = parts(train, 1);
    expect(await model.predict(first!)).toEqual(together.slice(0, 1));
  });
});

test('missing values have a side of their own, learned at each split', async () => {
  const made = (rows: number, seed: number): ColumnBatch => {
    const random = new Random(seed);
    const values = Array.from({ length: rows }, () => (random.uniform() < 0.3 ? null : random.normal()));
    return batchOf({ a: numbers(values), y: numbers(values.map((value) => (value === null ? 5 : Math.abs(value)))) });
  };
  const model = await fitted({ train: made(3000, 1), contract: regression(a), options: { trees: 60 } });
  const [missing] = await model.predict(batchOf({ a: numbers([null]) }));
  expect(Math.abs(missing! - 5)).toBeLessThan(0.1);
  const fresh = made(1000, 2);
  expect(rmse(fresh, await model.predict(fresh))).toBeLessThan(0.15);
});

test('categories of fewer rows than a leaf needs are no split’s own: what is drawn for each of them is not learned by heart', async () => {
  const random = new Random(7);
  const rows = 3000;
  const rare = Array.from({ length: rows }, (_, row) => `r${row % 200}`);
  const values = Array.from({ length: rows }, () => random.normal());
  const train = batchOf({ a: numbers(values), city: text(rare), y: numbers(values.map((value) => value + random.normal())) });
  const contract = regression(a, { name: 'city', kind: 'category' });
  // Fifteen rows each.
  const { summary } = await fitted({ train, contract, options: { min_rows: 20 } });
  expect(summary.importance!.map(({ feature, share }) => [feature, share > 0])).toEqual([['a', true], ['city', false]]);
  const fewer = await fitted({ train, contract, options: { min_rows: 10 } });
  expect(fewer.summary.importance!.find(({ feature }) => feature === 'city')!.share).toBeGreaterThan(0.05);
});

test('a tree of few rows is made of all rows and columns, one of many of four fifths, unless a share is said', () => {
  expect(drawnShares({ columns: 'auto', rows: 'auto' }, 100_000)).toEqual({ columns: 1, rows: 1 });
  expect(drawnShares({ columns: 'auto', rows: 'auto' }, 100_001)).toEqual({ columns: 0.8, rows: 0.8 });
  expect(drawnShares({ columns: 0.5, rows: 1 }, 100_001)).toEqual({ columns: 0.5, rows: 1 });
});

test('three hundred categories are learned in groups, far better than the best single number for all', async () => {
  const effects = Array.from({ length: 300 }, (_, at) => new Random(at).normal());
  const made = (rows: number, seed: number): ColumnBatch => {
    const random = new Random(seed);
    const drawn = Array.from({ length: rows }, () => random.below(300));
    return batchOf({ city: text(drawn.map((one) => `c${one}`)), y: numbers(drawn.map((one) => effects[one]! + 0.3 * random.normal())) });
  };
  const [train, fresh] = [made(9000, 1), made(2000, 2)];
  const contract = regression({ name: 'city', kind: 'category' });
  const grouped = await fitted({ train, contract, options: { trees: 15, leaves: 8, columns: 1 } });
  // With one category against the rest at each split, 15 trees of 8 leaves could tell 105 of 300 from the others.
  const single = 105 / 300;
  const spread = rmse(fresh, new Float64Array(fresh.rows));
  const noise = 0.3;
  const best = Math.sqrt(noise ** 2 + (1 - single) * (spread ** 2 - noise ** 2));
  expect(rmse(fresh, await grouped.predict(fresh))).toBeLessThan(0.75 * best);
});

describe('a monotone constraint', () => {
  const random = new Random(8);
  const made = Array.from({ length: 2000 }, () => ({ a: random.normal(), b: random.normal() }));
  const train = batchOf({
    a: numbers(made.map((row) => row.a)),
    b: numbers(made.map((row) => row.b)),
    y: numbers(made.map((row) => Math.sin(3 * row.a) + row.a + row.b + 0.3 * random.normal())),
  });
  const steps = Array.from({ length: 200 }, (_, at) => at / 33 - 3);
  const falls = async (model: FittedModel, level: number): Promise<number> => {
    const predictions = await model.predict(batchOf({ a: numbers(steps), b: numbers(steps.map(() => level)) }));
    return predictions.filter((one, at) => at > 0 && one < predictions[at - 1]!).length;
  };

  test('holds everywhere, where the free model breaks it', async () => {
    const contract = regression(a, b);
    const free = await fitted({ train, contract, options: { trees: 30 } });
    const bound = await fitted({ train, contract, options: { trees: 30, monotone: { a: 1 } } });
    for (const level of [-1, 0, 1]) {
      expect(await falls(free, level)).toBeGreaterThan(0);
      expect(await falls(bound, level)).toBe(0);
    }
    expect(rmse(train, await bound.predict(train))).toBeLessThan(1);
  });

  test('on what is no numeric feature is refused with the closest name', async () => {
    const fitting = fitted({ train, contract: regression(a, b), options: { monotone: { aa: 1 } } });
    await expect(fitting).rejects.toMatchObject({ code: 'config-invalid', exitCode: 2, details: { found: 'aa', fix: 'Did you mean a?' } });
  });
});

test('training stops when the held-out loss no longer falls, and keeps the best round', async () => {
  const [train, validation] = [planted(600, 1), planted(600, 2)];
  const { summary, predict } = await fitted({ train, validation, options: { trees: 400, patience: 5, learning_rate: 0.3, refit: false } }).then((model) => ({ summary: model.summary, predict: model.predict(validation) }));
  const losses = summary.curve.map(({ validationLoss }) => validationLoss!);
  expect(summary.bestRound).toBe(1 + losses.indexOf(Math.min(...losses)));
  expect(summary.rounds).toBe(summary.bestRound + 5);
  const labels = validation.columns.get('y');
  if (labels?.storage !== 'number') throw new Error('no labels');
  const loss = (await predict).reduce((sum, chance, row) => sum - Math.log(labels.values[row] === 1 ? chance : 1 - chance), 0) / validation.rows;
  expect(loss).toBeCloseTo(Math.min(...losses), 10);
});

test('weights shift predictions to the rows that they favour', async () => {
  const train = planted(1500, 4);
  const labels = train.columns.get('y');
  if (labels?.storage !== 'number') throw new Error('no labels');
  const mean = async (weigh: FitInput['weigh']): Promise<number> => {
    const predictions = await (await fitted({ train, weigh, options: { trees: 20 } })).predict(train);
    return predictions.reduce((sum, one) => sum + one, 0) / train.rows;
  };
  const plain = await mean(undefined);
  expect(plain).toBeCloseTo(labels.values.reduce((sum, label) => sum + label, 0) / train.rows, 2);
  const odds = (chance: number): number => chance / (1 - chance);
  const favoured = await mean(() => labels.values.map((label) => (label === 1 ? 1.5 : 0.5)));
  expect(odds(favoured) / odds(plain)).toBeGreaterThan(2);
});

test('importance is a share of each feature that adds up to 1, none for one left out, most for the one that tells most', async () => {
  const random = new Random(6);
  const made = Array.from({ length: 1500 }, () => ({ a: random.normal(), b: random.normal() }));
  const train = batchOf({
    constant: numbers(made.map(() => 1)),
    a: numbers(made.map((row) => row.a)),
    b: numbers(made.map((row) => row.b)),
    y: numbers(made.map((row) => row.a + 0.2 * row.b)),
  });
  const { summary } = await fitted({ train, contract: regression({ name: 'constant', kind: 'number' }, a, b), options: { trees: 20 } });
  const shares = summary.importance!;
  expect(shares.map(({ feature }) => feature)).toEqual(['constant', 'a', 'b']);
  expect(shares.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
  expect(shares[0]!.share).toBe(0);
  expect(shares[1]!.share).toBeGreaterThan(0.8);
});
