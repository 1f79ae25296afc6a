// What other processes do: whether one is still the one that was recorded, and who listens on a port.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

function output(program: string, args: readonly string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return '';
  }
}

function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch {
    return '';
  }
}

const hasProc = existsSync('/proc/self/cmdline');

/** The command line of a process, its words joined by spaces; empty when there is no such process. */
function commandLine(pid: number): string {
  if (!hasProc) return output('ps', ['-ww', '-o', 'args=', '-p', String(pid)]).trim();
  return readProc(`${pid}/cmdline`).replaceAll('\0', ' ').trim();
}

/** Whether the process has let go of its ports: a zombie has, one that has merely lost its memory (and so its command line) has not. */
function hasEnded(pid: number): boolean {
  const state = hasProc ? readProc(`${pid}/stat`).replace(/^.*\) /s, '') : output('ps', ['-o', 'stat=', '-p', String(pid)]).trim();
  return state === '' || /^[ZX]/.test(state);
}

/**
 * Ends the process of a record written by workerd.sh (`pid arguments`), and waits until it is gone. The arguments name a port drawn by
 * chance, so a process that got the same number later is not mistaken for it. Answers the number of the ended process, or undefined.
 */
export async function endRecorded(record: string): Promise<number | undefined> {
  const [first = '', ...words] = record.trim().split(' ');
  const pid = Number(first);
  if (!Number.isSafeInteger(pid) || pid <= 1 || words.length === 0) return undefined;
  const line = commandLine(pid);
  // Without a command line it is just ending by itself.
  const alive = line.endsWith(words.join(' '));
  if (hasEnded(pid) || (!alive && line !== '')) return undefined;
  if (alive) process.kill(pid, 'SIGKILL');
  for (let waited = 0; !hasEnded(pid); waited += 10) {
    if (waited > 5000) throw new Error(`process ${pid} of the last run does not end`);
    await sleep(10);
  }
  return pid;
}

/** Why the port cannot be listened on, in words; undefined when it can. */
export async function portProblem(host: string, port: number): Promise<string | undefined> {
  // A process that was killed keeps its port for a moment in which nobody can be named.
  for (let tries = 0; tries < 20; tries++) {
    const problem = await tryPort(host, port);
    if (!problem?.endsWith(UNNAMED)) return problem;
    await sleep(100);
  }
  return tryPort(host, port);
}

const UNNAMED = 'a process of another user';

function tryPort(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(`port ${port} is in use by ${whoListens(port)}`);
      else if (error.code === 'EACCES') resolve(`port ${port} needs more rights than this user has`);
      else resolve(`cannot listen on ${host} port ${port}: ${error.code ?? error.message}`);
    });
    probe.listen(port, host, () => probe.close(() => resolve(undefined)));
  });
}

function whoListens(port: number): string {
  const pid = listenerByProc(port) ?? listenerByLsof(port);
  return pid === undefined ? UNNAMED : `process ${pid} (${commandLine(pid).slice(0, 80)})`;
}

function listenerByLsof(port: number): number | undefined {
  const pid = Number(output('lsof', ['-nP', '-t', `-iTCP:${port}`, '-sTCP:LISTEN']).split('\n')[0]);
  return pid > 0 ? pid : undefined;
}

/** Linux: the socket's inode from the table of listening sockets, then the process that holds it. */
function listenerByProc(port: number): number | undefined {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    if (!existsSync(table)) continue;
    for (const line of readFileSync(table, 'utf8').split('\n')) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state === '0A' && local?.endsWith(`:${wanted}`) && inode) inodes.add(`socket:[${inode}]`);
    }
  }
  if (inodes.size === 0) return undefined;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .find((pid) => holdsOne(pid, inodes));
}

function holdsOne(pid: number, inodes: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      try {
        return inodes.has(readlinkSync(`/proc/${pid}/fd/${fd}`));
      } catch {
        return false;
      }
    });
  } catch {
    return false;
  }
}
