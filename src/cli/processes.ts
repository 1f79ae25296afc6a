// Processes of this computer, told apart also after their ids have come again.
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Of this computer: disks are shared, ids of processes are not. */
export const HOST = encodeURIComponent(hostname());

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** When a process began, in the clock ticks of Linux; undefined elsewhere, and for one that is no more. */
export function beginningOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** The process, where the system tells it when it began, and where it is. Empty for one that is not there. */
export function markOf(pid: number): string {
  return isAlive(pid) ? `${pid} ${beginningOf(pid) ?? ''} ${HOST}` : '';
}

/** Whether a mark is of another computer, of whose processes nothing is known here. */
export function isElsewhere(mark: string): boolean {
  const [, , host = HOST] = mark.split(' ');
  return host !== HOST;
}
