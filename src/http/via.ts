// Which way bytes are to take: through the service, or between the client and the store.
import type { Context } from 'hono';
import { Fault } from '../faults.ts';
import type { AppEnv } from './context.ts';
import { query } from './input.ts';

export function readVia(c: Context<AppEnv>): 'service' | 'store' | undefined {
  const via = query(c).get('via');
  if (via === undefined || via === 'service' || via === 'store') return via;
  throw new Fault('InvalidArgument', `via=${via.slice(0, 50)} is neither service nor store`);
}
