// The audit trails: one in each Space, one in the directory for users, groups and what operators do to the whole service.
import type { AuditEntry } from '../../durable/space/port.ts';
import { Fault } from '../../faults.ts';
import { ROOT } from '../../model/space-id.ts';
import { parsePath } from '../../model/vos-uri.ts';
import type { Services } from '../services.ts';

const PAGE = 1000;

export interface AuditLine extends Omit<AuditEntry, 'time'> {
  /** ISO 8601. */
  readonly time: string;
}

/**
 * `where`: `directory`, `/` for the root Space, or a path, whose Space it is. `only`: what happened under this path alone. Throws NotFound
 * before the first page.
 */
export async function readAudit(
  services: Services,
  where: string,
  { after, limit, only = false }: { readonly after: number; readonly limit: number; readonly only?: boolean },
): Promise<AsyncGenerator<readonly AuditLine[]>> {
  const trail = await findTrail(services, where, only);
  return pages(trail, after, limit);
}

type Trail = (after: number, limit: number) => Promise<readonly AuditEntry[]>;

async function findTrail({ directory, spaces }: Services, where: string, only: boolean): Promise<Trail> {
  if (where === 'directory' && !only) return (after, limit) => directory.audit(after, limit);
  const path = parsePath(where.replace(/^\//, ''));
  const [name] = path;
  const id = name === undefined ? ROOT : await spaces.mount(name);
  if (id === undefined) throw new Fault('NotFound', `top-level container ${where.slice(0, 200)}`);
  return (after, limit) => spaces.space(id).audit(after, limit, only ? `/${path.join('/')}` : undefined);
}

async function* pages(trail: Trail, after: number, limit: number): AsyncGenerator<readonly AuditLine[]> {
  for (let left = limit, last = after; left > 0;) {
    const asked = Math.min(left, PAGE);
    const entries = await trail(last, asked);
    yield entries.map(({ id, time, ...entry }) => ({ id, time: new Date(time).toISOString(), ...entry }));
    if (entries.length < asked) return;
    left -= entries.length;
    last = entries.at(-1)?.id ?? last;
  }
}
