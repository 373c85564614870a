import { codeOf } from './errors.ts';

/** Whether a process of this number runs; one that is another user's does. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
}
