import { describe, expect, test } from '@jest/globals';
import type { Contract } from '../../../src/dataset/contract.ts';
import { type KeptRow, findRow } from '../../../src/pipeline/explanation/kept-row.ts';
import { parseConfig } from '../../../src/shared/config/load.ts';
import { Mask } from '../../../src/shared/sensitive.ts';
import type { Warehouse } from '../../../src/warehouse/warehouse.ts';
import { KINDS, withWarehouse } from '../../contract/warehouses.ts';
import { SMALL } from '../small.ts';

const contract: Contract = { task: 'binary', features: [{ name: 'visits_before', kind: 'number' }, { name: 'shop', kind: 'category' }], label: 'busy', classes: [] };
const ROWS = `SELECT 's1' AS shop, 7 AS branch, CAST('2024-01-10' AS TEXT) AS on_day, 19732 AS on_day_day, 4.5 AS visits_before
  UNION ALL SELECT 's1', 8, '2024-01-11', 19733, NULL UNION ALL SELECT 'a,"b', 9, '2024-01-10', 19732, 1`;

interface Asked {
  readonly set?: readonly string[];
  readonly sensitive?: readonly string[];
}

describe.each(KINDS)('a kept row in %s', (kind) => {
  const withFresh = (act: (find: (text: string, asked?: Asked) => Promise<KeptRow>, warehouse: Warehouse) => Promise<void>): Promise<void> =>
    withWarehouse(kind, async (warehouse, folder) => {
      await warehouse.make('fresh', ROWS, 'fresh');
      await act((text, { set = [], sensitive = [] } = {}) => findRow(warehouse, { text, config: parseConfig(SMALL, 'pipeline.yaml', { set }), contract, mask: new Mask(sensitive, folder), night: 'the night' }), warehouse);
    });

  test('is found by entity and time, by their names, and by the entity alone where it is one row’s', () =>
    withFresh(async (find) => {
      expect(await find('s1,2024-01-11')).toMatchObject({ key: new Map([['shop', 's1'], ['on_day', '2024-01-11']]), day: 19733, rows: 3 });
      expect((await find('on_day=2024-01-11,shop=s1')).day).toBe(19733);
      expect((await find('"a,""b"')).key.get('shop')).toBe('a,"b');
      expect((await find('s1,2024-01-10')).features.columns.get('visits_before')).toMatchObject({ values: Float64Array.of(4.5) });
      await expect(find('s1')).rejects.toThrow(expect.objectContaining({ code: 'key-ambiguous', message: expect.stringContaining('s1,2024-01-10; s1,2024-01-11') }));
    }));

  test('is found by a number however that is written', () =>
    withFresh(async (find) => {
      const byBranch = { set: ['entity=null', 'key=[branch]'] };
      for (const text of ['8', '8.0', ' 8', 'branch=8']) expect((await find(text, byBranch)).key).toEqual(new Map([['branch', '8']]));
      for (const text of ['', 'eight', '8;', "8' OR '1'='1"]) await expect(find(text, byBranch)).rejects.toThrow(expect.objectContaining({ code: 'key-unknown' }));
    }));

  test('is told from its neighbours where there is none of that key', () =>
    withFresh(async (find) => {
      await expect(find('s2,2024-01-11')).rejects.toThrow(expect.objectContaining({ code: 'key-unknown', exitCode: 2, message: expect.stringMatching(/one of its 3 rows, such as s1,2024-01-11 or/) }));
      await expect(find("s1' OR '1'='1,2024-01-11")).rejects.toThrow(expect.objectContaining({ code: 'key-unknown' }));
      for (const text of ['s1,2024-01-11,9', 'shop=s1,colour=red', 'shop=s1,shop=s1', 's1,"2024']) await expect(find(text)).rejects.toThrow(expect.objectContaining({ code: 'key-invalid', exitCode: 2 }));
    }));

  test('shows nothing of a sensitive key', () =>
    withFresh(async (find) => {
      const error = await find('s2,2024-01-11', { sensitive: ['shop'] }).catch(String);
      expect(error).not.toMatch(/s1|s2/);
      expect(await find('s1', { sensitive: ['shop'] }).catch(String)).not.toContain('s1');
    }));
});
