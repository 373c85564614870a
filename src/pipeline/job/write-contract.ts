import type { Feature } from '../../dataset/contract.ts';
import { readerOf } from '../../evaluation/drift-profile.ts';
import { dateOf } from '../../shared/days.ts';
import { Mask } from '../../shared/sensitive.ts';
import { typeOfWord } from '../../warehouse/type-words.ts';
import type { Row, Warehouse } from '../../warehouse/warehouse.ts';
import { dayColumn } from '../columns.ts';
import type { StepContext } from '../context.ts';
import { CONTRACT_RESULT, type Category, type FeatureContract, type FeatureFacts } from './feature-contract.ts';
import { columnOf } from './streams.ts';

/** Of a column with more values nobody can say which are unusual, and the list would be as long as the data. */
const MOST_CATEGORIES = 1000;

/** Writes the run's feature contract, from rows of the training window alone; training keeps it with the model. */
export async function writeContract(step: StepContext): Promise<void> {
  await step.timed('feature contract', async () => {
    const contract = await contractOf(step, await step.warehouse());
    step.writeResult(CONTRACT_RESULT, contract);
    return contract.rows;
  });
}

async function contractOf(step: StepContext, warehouse: Warehouse): Promise<FeatureContract> {
  const { features: { number, category }, time } = step.config;
  const features = [...number.map((name): Feature => ({ name, kind: 'number' })), ...category.map((name): Feature => ({ name, kind: 'category' }))];
  const { trainFromDay, testFromDay } = step.run.windows;
  const days = time === undefined ? { from: null, until: null } : { from: dateOf(trainFromDay), until: dateOf(testFromDay) };
  const day = warehouse.dialect.identifier(dayColumn(time ?? ''));
  const rows = `${warehouse.dialect.identifier('features')}${time === undefined ? '' : ` WHERE ${day} >= ${trainFromDay} AND ${day} < ${testFromDay}`}`;
  const words = new Map((await warehouse.columns('SELECT * FROM features', 'features')).map(({ name, type }) => [name, type]));
  const scan = await scanned(warehouse, rows, features);
  const mask = new Mask(step.config.sensitive, step.run.places.data);
  const categories = await categoriesOf(warehouse, rows, category.filter((name) => !mask.hides(name)));
  const facts = features.map((feature, i): FeatureFacts => {
    const { name, kind } = feature;
    const sensitive = mask.hides(name);
    const type = typeOfWord(words.get(name) ?? '') ?? (kind === 'number' ? 'number' : 'text');
    const unit = step.config.units?.[name] ?? null;
    return { ...feature, type, unit, ...missingOf(scan, i), sensitive, range: sensitive ? null : rangeOf(scan, i), categories: categories.get(name) ?? null };
  });
  return { rows: Number(scan['n']), ...days, features: facts };
}

/** One scan: the rows (n), of each feature i those that have it (c<i>), and of numbers the least and the greatest (a<i>, z<i>). */
async function scanned(warehouse: Warehouse, from: string, features: readonly Feature[]): Promise<Row> {
  const { identifier } = warehouse.dialect;
  const asked = features.flatMap(({ name, kind }, i) => {
    const column = identifier(name);
    return [`count(${column}) AS c${i}`, ...(kind === 'number' ? [`min(${column}) AS a${i}`, `max(${column}) AS z${i}`] : [])];
  });
  const [row] = await warehouse.rows(`SELECT count(*) AS n, ${asked.join(', ')} FROM ${from}`);
  return row ?? {};
}

function missingOf(scan: Row, i: number): Pick<FeatureFacts, 'nullable' | 'missing'> {
  const rows = Number(scan['n']);
  const lacking = rows - Number(scan[`c${i}`]);
  return { nullable: lacking > 0, missing: rows === 0 ? 0 : lacking / rows };
}

/** Training refuses what is not finite, and says so by name; here it only has no range. */
function rangeOf(scan: Row, i: number): FeatureFacts['range'] {
  const [least, greatest] = [scan[`a${i}`], scan[`z${i}`]];
  if (least == null || greatest == null || !Number.isFinite(Number(least)) || !Number.isFinite(Number(greatest))) return null;
  return [Number(least), Number(greatest)];
}

/** The combinations of categories that come up, which one scan counts; they are far fewer than rows. */
const SEEN = 'contract_seen';

async function categoriesOf(warehouse: Warehouse, from: string, names: readonly string[]): Promise<ReadonlyMap<string, readonly Category[] | null>> {
  if (names.length === 0) return new Map();
  const columns = names.map(warehouse.dialect.identifier).join(', ');
  const found = new Map<string, readonly Category[] | null>();
  try {
    await warehouse.make(SEEN, `SELECT ${columns}, count(*) AS contract_rows FROM ${from} GROUP BY ${columns}`, 'the feature contract');
    for (const name of names) found.set(name, await valuesOf(warehouse, name));
    return found;
  } finally {
    await warehouse.drop(SEEN);
  }
}

/** The values of one column as the model is given them, which is through a stream. */
async function valuesOf(warehouse: Warehouse, name: string): Promise<readonly Category[] | null> {
  const column = warehouse.dialect.identifier(name);
  const sql = `SELECT ${column} AS value, sum(contract_rows) AS n FROM ${SEEN} WHERE ${column} IS NOT NULL GROUP BY ${column} ORDER BY n DESC, value LIMIT ${MOST_CATEGORIES + 1}`;
  const found: Category[] = [];
  for await (const batch of warehouse.stream(sql, { columns: { value: 'text', n: 'number' } })) {
    const [value, n] = [readerOf(columnOf(batch, 'value')), readerOf(columnOf(batch, 'n'))];
    for (let row = 0; row < batch.rows; row++) found.push({ value: String(value(row)), rows: Number(n(row)) });
  }
  return found.length > MOST_CATEGORIES ? null : found;
}
