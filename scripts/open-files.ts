// How many files this process and workerd may open, and how many waiting requests that is enough for.
import { execFileSync } from 'node:child_process';

/** Databases, connections to the store, and what else is open without a client. */
const RESERVE = 512;
/** More would be too much memory: a request that waits costs about 50 KB. */
const MOST = 20_000;

/** Node raises its limit to the hard limit, and workerd inherits it. */
export function openFileLimit(): number {
  const text = execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim();
  return text === 'unlimited' ? Number.MAX_SAFE_INTEGER : Number(text);
}

/**
 * MAX_WAITERS where it is not set. workerd needs two descriptors for a connection, and ends when there is none for the next: so a quarter of
 * the connections is kept for requests that do not wait.
 */
export function waitersFor(limit: number): number {
  return Math.min(MOST, Math.max(10, Math.floor((((limit - RESERVE) / 2) * 3) / 4)));
}
