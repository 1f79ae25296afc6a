// Processes of this computer, told apart also after their ids have come again.
import { fstatSync, readFileSync } from 'node:fs';
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
  return factsOf(pid)[19];
}

/** Part of the names of what this process has for a while, by which it is known for what a killed one has left: see `isLeft`. */
export const OWN = `${HOST}-${process.pid}-${beginningOf(process.pid) ?? '0'}`;

/** Whether such a name is that of a process of this computer that is gone. */
export function isLeft(name: string): boolean {
  const [, host, pid, began] = /^(.+)-(\d+)-(\d+)$/.exec(name) ?? [];
  return host === HOST && !(isAlive(Number(pid)) && (beginningOf(Number(pid)) ?? began) === began);
}

/** Whether another job has the terminal of standard error, as after `&`. Known on Linux; false elsewhere. */
export function isInBackground(): boolean {
  const [, , group, , terminal, inFront] = factsOf('self');
  if (terminal === undefined || terminal === '0' || group === inFront) return false;
  try {
    return fstatSync(2).rdev === Number(terminal);
  } catch {
    return false;
  }
}

/** What Linux tells of a process after its name, in the order of proc(5); elsewhere nothing. */
function factsOf(pid: number | 'self'): readonly string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
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
