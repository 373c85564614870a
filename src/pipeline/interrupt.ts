/**
 * Points between two effects at which the tests kill the process, to see the next start end in the same state. Does nothing
 * unless NIGHTSHIFT_KILL_AT names the point.
 */
export function interruptAt(point: string): void {
  if (process.env['NIGHTSHIFT_KILL_AT'] === point) process.kill(process.pid, 'SIGKILL');
}
