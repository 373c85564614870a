import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { placesOf } from '../../src/pipeline/places.ts';
import { databaseFile } from '../../src/pipeline/sources.ts';
import { parseConfig } from '../../src/shared/config/load.ts';
import { withFolder } from '../contract/warehouses.ts';

const CONFIG = `
name: shop
state: {env: SHOP_STATE}
sources: {sales: {database: data/shop, types: {day: date}}}
key: id
time: day
label: {column: sold, matures_after: 1d}
features: {number: [price]}
`;

function put(root: string): void {
  mkdirSync(join(root, 'data'), { recursive: true });
  writeFileSync(join(root, 'data/shop.db'), '');
}

test('a database in a state of its own comes before one in the project, and that before none', async () => {
  await withFolder(async (folder) => {
    const [project, state] = [join(folder, 'project'), join(folder, 'state')];
    process.env['SHOP_STATE'] = state;
    const config = parseConfig(CONFIG, 'pipeline.yaml');
    const places = placesOf(project, config);
    expect(databaseFile('data/shop', config, places)).toBe(join(state, 'data/shop.db'));
    put(project);
    expect(databaseFile('data/shop', config, places)).toBe(join(project, 'data/shop.db'));
    put(state);
    expect(databaseFile('data/shop', config, places)).toBe(join(state, 'data/shop.db'));
    expect(databaseFile(join(project, 'data/shop.db'), config, places)).toBe(join(project, 'data/shop.db'));
  });
});
