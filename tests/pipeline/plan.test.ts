import { describe, expect, test } from '@jest/globals';
import type { Script } from '../../src/pipeline/find.ts';
import { checkPlan, makerOf, planOf } from '../../src/pipeline/plan.ts';
import type { StepDefinition } from '../../src/pipeline/step.ts';
import { namesUsed } from '../../src/shared/template.ts';
import { KINDS, errorOf } from '../contract/warehouses.ts';
import { type SmallStep, withSmallStep } from './small.ts';

const run = async (): Promise<void> => undefined;

/** Steps by name: their scripts' texts by relation, and what their TypeScript declares. */
type Steps = Readonly<Record<string, { readonly sql?: Readonly<Record<string, string>>; readonly reads?: readonly string[]; readonly writes?: readonly string[] }>>;

function planFor({ config }: SmallStep, steps: Steps) {
  const files = Object.entries(steps).map(([name, { sql = {} }]) => ({
    name,
    scripts: Object.entries(sql).map(([relation, text]): Script => ({ name: relation, file: `steps/${name}/${relation}.sql`, text, uses: namesUsed(text, name), about: '' })),
  }));
  const definitions = new Map(Object.entries(steps).map(([name, { reads = [], writes = [] }]): [string, StepDefinition] => [name, { about: `does ${name}`, reads, writes, run }]));
  return planOf(files, definitions, config);
}

const FEATURES = 'SELECT shop, on_day, on_day_day, 1 AS visits_before, 2 AS orders_before, 0 AS busy, told_on, told_on_day FROM {{ visits }}';
const WHOLE: Steps = {
  '01-extract': { sql: { features: FEATURES } },
  '02-split': { sql: { train: 'SELECT * FROM {{ features }}' } },
  '03-train': { reads: ['train'], writes: ['model'] },
};

const small = <T>(act: (small: SmallStep) => Promise<T>) => withSmallStep({ kind: 'sqlite' }, act);

test('a plan joins what scripts use with what steps declare', async () => {
  await small(async (it) => {
    const plan = planFor(it, WHOLE);
    expect(plan.sources).toEqual(['visits', 'orders']);
    expect(plan.steps.map(({ name, reads, writes }) => ({ name, reads, writes }))).toEqual([
      { name: '01-extract', reads: ['visits'], writes: ['features'] },
      { name: '02-split', reads: ['features'], writes: ['train'] },
      { name: '03-train', reads: ['train'], writes: ['model'] },
    ]);
    expect(plan.steps[0]?.about).toBe('does 01-extract');
    expect(makerOf(plan, 'train')).toBe('02-split');
    expect(makerOf(plan, 'visits')).toBeUndefined();
  });
});

test('an input that nobody makes is named with its closest, and so is one that is made too late', async () => {
  await small(async (it) => {
    const nobody = await errorOf(async () => planFor(it, { ...WHOLE, '03-train': { reads: ['trian'] } }));
    expect(nobody.details).toMatchObject({ code: 'plan-invalid', what: 'Nobody makes trian', where: 'steps/03-train', exitCode: 2 });
    expect(nobody.details.expected).toContain('(closest: train)');
    const late = await errorOf(async () => planFor(it, { '01-extract': { sql: { features: 'SELECT * FROM {{ later }}' } }, '02-split': { sql: { later: 'SELECT 1' } } }));
    expect(late.details.what).toBe('Nobody makes later');
  });
});

test('two makers of one relation are named, a source being one', async () => {
  await small(async (it) => {
    const two = await errorOf(async () => planFor(it, { ...WHOLE, '04-more': { sql: { train: 'SELECT 1' } } }));
    expect(two.details).toMatchObject({ what: 'Two makers of train', found: '02-split and 04-more' });
    const source = await errorOf(async () => planFor(it, { '01-extract': { sql: { visits: 'SELECT 1' } } }));
    expect(source.details).toMatchObject({ what: 'Two makers of visits', found: 'sources and 01-extract' });
  });
});

describe.each(KINDS)('the check of a plan in %s', (kind) => {
  const check = (steps: Steps, set: readonly string[] = []) => withSmallStep({ kind, set }, (it) => checked(it, steps));
  const failing = (steps: Steps, set: readonly string[] = []) => errorOf(check(steps, set));

  test('tells the columns of every relation, makes none and leaves no view behind', async () => {
    await withSmallStep({ kind }, async (it) => {
      const columns = await checked(it, WHOLE);
      expect([...columns.keys()]).toEqual(['features', 'train']);
      expect(columns.get('train')?.map(({ name }) => name)).toContain('busy');
      const warehouse = await it.step.warehouse();
      expect(await warehouse.tables()).toEqual([]);
      await errorOf(warehouse.rows('SELECT * FROM features'));
    });
  });

  test('finds SQL that does not parse, with its file and the engine’s words', async () => {
    const error = await failing({ ...WHOLE, '02-split': { sql: { train: 'SELECT *\nFORM {{ features }}' } } });
    expect(error.details.code).toBe('sql-invalid');
    expect(error.details.where).toContain('steps/02-split/train.sql');
    expect(error.details.found).toMatch(/syntax/i);
  });

  test('finds a column that the relation before does not give', async () => {
    const error = await failing({ ...WHOLE, '02-split': { sql: { train: 'SELECT sizes FROM {{ features }}' } } });
    expect(error.details.where).toContain('steps/02-split/train.sql');
    expect(error.details.found).toContain('sizes');
  });

  test('finds a script that writes', async () => {
    const error = await failing({ ...WHOLE, '02-split': { sql: { train: 'DELETE FROM {{ features }}' } } });
    expect(error.details).toMatchObject({ code: 'sql-writes' });
  });

  test('finds a name that nothing gives', async () => {
    const error = await failing({ ...WHOLE, '02-split': { sql: { train: 'SELECT * FROM {{ features }} WHERE on_day_day < {{ as_of_dya }}' } } });
    expect(error.details).toMatchObject({ code: 'name-unknown', fix: 'did you mean {{ as_of_day }}?' });
  });

  test('finds a feature that no query gives, quotes where it is asked for and names the closest', async () => {
    const error = await failing({ ...WHOLE, '01-extract': { sql: { features: FEATURES.replace('visits_before', 'visits_befor') } } });
    expect(error).toMatchObject({ code: 'column-missing', exitCode: 2 });
    expect(error.details).toMatchObject({ what: 'pipeline.yaml names the column visits_before (features.number), and steps/01-extract/features.sql does not give it', where: 'features.number: visits_before', fix: 'did you mean visits_befor?' });
  });

  test('finds a date without its day number, and says what it is for', async () => {
    const error = await failing({ ...WHOLE, '01-extract': { sql: { features: FEATURES.replace(', told_on_day', '') } } });
    expect(error.details.what).toContain('told_on_day (its day number, for label.known_at: told_on)');
    expect(error.details.where).toBe('label.known_at: told_on_day');
  });

  test('finds an outcome that the source does not have, which nothing would hide', async () => {
    const error = await failing(WHOLE, ['sources.visits.known_later=[{at: told_on, columns: [visit]}]']);
    expect(error.details).toMatchObject({ code: 'column-missing', where: 'sources.visits.known_later: visit', fix: 'did you mean visits?' });
  });

  test('finds a sensitive column that is called otherwise, which would be shown', async () => {
    const error = await failing(WHOLE, ['sensitive=[email]']);
    expect(error.details).toMatchObject({ code: 'column-missing', where: 'sensitive: email', fix: 'did you mean mail?' });
    expect((await check(WHOLE, ['sensitive=[mail]'])).size).toBe(2);
  });
});

async function checked(it: SmallStep, steps: Steps) {
  await it.step.attach();
  const { config, windows } = it.step.run;
  return checkPlan(planFor(it, steps), { config, windows, warehouse: await it.step.warehouse(), quote: (key, column) => `${key}: ${column}` });
}
