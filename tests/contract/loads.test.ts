import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openWarehouse } from '../../src/warehouse/open.ts';
import type { Source } from '../../src/warehouse/warehouse.ts';
import { KINDS, batchOf, each, errorOf, fileIn, readQuery, withFolder } from './warehouses.ts';

describe.each(KINDS)('a source in %s', (kind) => {
  test('that had to be loaded is there for the next warehouse with the same file of loads, unless the source or its types changed', () =>
    withFolder(async (folder) => {
      const [csv, loads] = [join(folder, 'p.csv'), join(folder, 'loads', 'sources')];
      const source: Source = { name: 'people', location: { kind: 'csv', files: [csv], delimiter: ',' }, types: { id: 'integer' } };
      const idsIn = async (given: Source): Promise<unknown> => {
        const warehouse = await openWarehouse({ kind, file: fileIn(folder, kind), loads });
        try {
          await warehouse.attach([given]);
          return await readQuery(warehouse, 'SELECT * FROM people ORDER BY id', { id: given.types['id'] === 'text' ? 'text' : 'number' });
        } finally {
          await warehouse.close();
        }
      };
      writeFileSync(csv, 'id\n1\n2\n');
      expect(await idsIn(source)).toEqual({ id: [1, 2] });
      // Nothing else tells where rows come from: what stayed is replaced by other rows.
      const kept = await openWarehouse({ kind, file: loads });
      const [name = ''] = (await kept.tables()).filter((table) => table.startsWith('loaded'));
      await kept.load(name, { id: 'integer' }, each(batchOf({ id: [8, 9] })));
      await kept.close();
      expect(await idsIn(source)).toEqual({ id: [8, 9] });
      expect(await idsIn({ ...source, types: { id: 'text' } })).toEqual({ id: ['1', '2'] });
      writeFileSync(csv, 'id\n1\n3\n');
      expect(await idsIn(source)).toEqual({ id: [1, 3] });
    }));

  test('that could not be loaded to its end is not taken for whole by the next warehouse', () =>
    withFolder(async (folder) => {
      const csv = join(folder, 'p.csv');
      writeFileSync(csv, 'id\n1\ntwo\n');
      const source: Source = { name: 'people', location: { kind: 'csv', files: [csv], delimiter: ',' }, types: { id: 'integer' } };
      for (let again = 0; again < 2; again++) {
        const warehouse = await openWarehouse({ kind, file: fileIn(folder, kind), loads: join(folder, 'loads') });
        const error = await errorOf(warehouse.attach([source]));
        await warehouse.close();
        expect([error.code, error.details.where]).toEqual(['source-type', `${csv}, line 3`]);
      }
    }));
});
