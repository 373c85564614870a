import { type OpenOptions, openWarehouse } from '../warehouse/open.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { Talk } from './context.ts';

/** How long a night waits for whoever holds its warehouse: a dashboard that looks at it, say. */
const SECONDS = 600;
/** A step that is just closing its file is not worth a word. */
const TOLD_AFTER_MS = 1000;

export interface Patience extends Pick<Talk, 'log'> {
  /** Asked while it waits; what it throws ends the waiting. */
  readonly check?: (() => Promise<void>) | undefined;
}

/** Opens the night's warehouse; who holds it is told, and waited for. Throws `warehouse-locked` with their name. */
export function openPatiently(what: Pick<OpenOptions, 'kind' | 'file' | 'isPassing' | 'loads'>, { log, check }: Patience): Promise<Warehouse> {
  const since = performance.now();
  let isTold = false;
  const waiting = async (holder: string): Promise<void> => {
    await check?.();
    if (isTold || performance.now() - since < TOLD_AFTER_MS) return;
    isTold = true;
    log({ event: 'waiting', status: 'warn', message: `${what.file} is held by ${holder}; waiting for up to ${SECONDS / 60} minutes`, show: true });
  };
  return openWarehouse({ ...what, waitSeconds: SECONDS, waiting });
}
