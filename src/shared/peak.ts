import { readFileSync } from 'node:fs';

/**
 * The most memory that this process held at once, in MB. Under Linux `VmHWM` of /proc: there `maxRSS` begins with what the process
 * that started this one held (proc(5); getrusage(2), whose figure survives execve).
 */
export function peakMb(): number {
  const own = process.platform === 'linux' ? /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] : undefined;
  return (own === undefined ? process.resourceUsage().maxRSS : Number(own)) / 1024;
}
