import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openWarehouse } from '../../src/warehouse/open.ts';
import { KINDS, type Kind, batchOf, each, fileIn } from '../contract/warehouses.ts';
import { ROOT, runJob, temporaryFolder } from '../support/job.ts';

const CONFIG = `
name: shop
sources:
  customers:
    csv: customers.csv
    types: {customer_id: integer, email: text, spent: number}
key: customer_id
label: {column: churned, matures_after: 30d}
time: day
features: {number: [spent]}
sensitive: [email]
`;
let project = '';

beforeAll(() => {
  project = temporaryFolder('profile');
  writeFileSync(join(project, 'pipeline.yaml'), CONFIG);
  writeFileSync(join(project, 'customers.csv'), 'customer_id,email,spent\n1,a@x.ch,10\n2,b@x.ch,\n3,a@x.ch,2.5\n');
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

async function profile(kind: Kind, ...args: readonly string[]) {
  const { code, stdout, stderr } = await runJob(['profile', ...args, '--project', project, '--warehouse', kind]);
  return { status: code, stdout, stderr };
}

async function makeTrain(kind: Kind): Promise<void> {
  const warehouse = await openWarehouse({ kind, file: fileIn(join(project, 'data'), kind) });
  await warehouse.load('train', { customer_id: 'integer', late: 'integer' }, each(batchOf({ customer_id: [1, 2, 3], late: [0, 1, 0] })));
  await warehouse.close();
}

test.each(KINDS)('before the first night it lists what there is, and describes a source by its name (%s)', async (kind) => {
  const all = await profile(kind);
  expect(all).toMatchObject({ status: 0, stdout: expect.stringContaining('Sources: customers') });
  const { status, stdout, stderr } = await profile(kind, 'customers');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('customers: 3 rows, 3 columns');
  expect(stdout).toMatch(/^spent +number +1 +2 +6\.2500 /m);
  expect(stdout).toMatch(/^email +#[0-9a-f]{12} 67% /m);
  expect(stdout).not.toContain('@');
});

test.each(KINDS)('without a name it is the train batch (%s)', async (kind) => {
  await makeTrain(kind);
  const { status, stdout } = await profile(kind, '--json');
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ name: 'train', rows: 3, columns: [{ name: 'customer_id', type: 'integer', median: 2 }, { name: 'late', missing: 0, distinct: 2, top: [{ value: 0, rows: 2 }, { value: 1, rows: 1 }] }] });
});

test.each(KINDS)('a query may join tables and sources; one that names a sensitive column shows no values at all (%s)', async (kind) => {
  await makeTrain(kind);
  const joined = await profile(kind, '--json', '--query', 'SELECT c.spent, t.late FROM train t JOIN customers c ON c.customer_id = t.customer_id;');
  expect(JSON.parse(joined.stdout)).toMatchObject({ rows: 3, columns: [{ name: 'spent', max: 10 }, { name: 'late', max: 1 }] });
  const renamed = await profile(kind, '--json', '--query', "SELECT upper(EMAIL) AS handle FROM customers");
  expect(renamed.status).toBe(0);
  expect(renamed.stdout).not.toContain('X.CH');
});

test.each(KINDS)('a query that writes is refused and changes nothing (%s)', async (kind) => {
  await makeTrain(kind);
  for (const sql of ['DELETE FROM train', 'SELECT 1; DROP TABLE train', 'WITH gone AS (SELECT 1) DELETE FROM train']) {
    const { status, stderr } = await profile(kind, '--query', sql);
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(/may only read|cannot be run/) });
  }
  expect(JSON.parse((await profile(kind, '--json')).stdout)).toMatchObject({ rows: 3 });
});

test('an unknown table is named, with the closest there is', async () => {
  await makeTrain('sqlite');
  const { status, stderr } = await profile('sqlite', 'trian');
  expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('did you mean train?') });
  expect(await profile('sqlite', 'train', '--query', 'SELECT 1')).toMatchObject({ status: 2, stdout: '' });
});

test('no other command loads the frame', () => {
  const main = readFileSync(join(ROOT, 'src/cli/main.ts'), 'utf8');
  const command = readFileSync(join(ROOT, 'src/cli/profile.ts'), 'utf8');
  expect(main).not.toContain('report/profile');
  expect(command).not.toMatch(/^import (?!type)[^\n]*report\/profile/m);
});
