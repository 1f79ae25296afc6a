// The answer to a claim: notices with URL, fence, end of the lease and number of deliveries; and when it may be worth to ask again.
import type { ClaimPage } from '../../../model/pipe-group.ts';
import { first } from '../../sql.ts';
import type { Core } from '../core.ts';
import { nameIn, urlMembers, type Sign } from '../log/reading.ts';
import type { Given } from './claims.ts';
import * as q from './queries.ts';

export async function writeClaims(given: readonly Given[], rest: Omit<ClaimPage, 'chunks'>, sign: Sign): Promise<string> {
  const bytes = given.flatMap(({ body, home, key }) => (home === null || key === null ? [] : [{ home, key, name: nameIn(body) }]));
  const { urls, expires } = bytes.length === 0 ? { urls: [], expires: '' } : await sign(bytes);
  let signed = 0;
  const chunks = given.map(({ body, home, key, fence, leaseEnds, deliveries }) => {
    const url = home === null || key === null ? '' : urlMembers(urls[signed++], expires);
    return `${body.slice(0, -1)}${url},"fence":"${fence}","leaseEnds":"${new Date(leaseEnds).toISOString()}","deliveries":${deliveries}}`;
  });
  return `{"chunks":[${chunks.join(',')}],${JSON.stringify(rest).slice(1)}`;
}

/** When something comes back to the group by itself, as far as its rows say: leases that end wake those who wait. */
export function nextFor(core: Core, group: q.GroupRow): number | undefined {
  if (group.waiting === 0 || (group.mode === 'single' && group.claimed > 0)) return undefined;
  if (group.mode === 'single') return first(core.sql, q.AGAIN_IN_ORDER, group.id, 1)?.due;
  return first(core.sql, q.NEXT_AGAIN, group.id)?.due ?? undefined;
}
