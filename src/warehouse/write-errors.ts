import { NightshiftError } from '../shared/errors.ts';

interface Said {
  readonly file: string;
  /** What the engine said. */
  readonly found: string;
  readonly cause?: unknown;
}

export function diskFull({ file, found, cause }: Said): NightshiftError {
  return new NightshiftError({
    code: 'disk-full',
    what: 'The disk is full',
    where: file,
    found,
    fix: 'free some space and run again; nothing half-written was kept',
    cause,
  });
}

export function notWritable({ file, found, cause }: Said): NightshiftError {
  return new NightshiftError({
    code: 'not-writable',
    what: 'The warehouse cannot be opened for writing',
    where: file,
    found,
    fix: 'give the job its own folder with `state:` in pipeline.yaml, or mend the permissions',
    cause,
  });
}

export function readOnlyError(file: string): NightshiftError {
  return notWritable({ file, found: 'it was opened only to be read' });
}

export function warehouseCorrupt({ file, found, cause }: Said): NightshiftError {
  return new NightshiftError({
    code: 'warehouse-corrupt',
    what: 'The warehouse is not a whole file of its engine',
    where: file,
    found,
    fix: 'move the file away; the next night makes a new one, and published nights come back from a backup',
    cause,
  });
}

export function warehouseLocked({ file, found, cause }: Said): NightshiftError {
  return new NightshiftError({
    code: 'warehouse-locked',
    what: 'Another process holds the warehouse',
    where: file,
    found,
    fix: 'wait until it has finished, or stop it, and run again',
    cause,
  });
}
