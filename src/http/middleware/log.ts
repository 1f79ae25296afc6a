// One JSON line per request. Only these fields: no query, no header, no body can hold a secret or a signed URL if none is written.
import type { Context } from 'hono';
import type { Services } from '../../service/services.ts';
import type { AppEnv } from '../context.ts';

/** Characters of a path that are kept. */
const MAX_PATH = 5000;

/** @param start of the request, epoch milliseconds */
export function log(c: Context<AppEnv>, start: number): void {
  // The supervisor's question whether workerd lives, every few seconds.
  if (c.req.path === '/-/alive') return;
  const services = c.get('services');
  const principal = c.get('principal') as AppEnv['Variables']['principal'] | undefined;
  write(
    services,
    JSON.stringify({
      time: new Date(start).toISOString(),
      request: c.get('requestId'),
      method: c.req.method,
      path: withoutTicket(c.req.url, services.config.basePath),
      status: c.res.status,
      milliseconds: services.clock() - start,
      user: principal?.kind === 'user' ? principal.id : null,
    }),
  );
}

/** Milliseconds that a line waits for others. */
const PATIENCE = 100;
const lines: string[] = [];
let flushAt = 0;

/**
 * Writing a line costs workerd more than half of what answering a small request does, whatever its length: where one process reads them
 * all, lines are joined. On Cloudflare, where a line belongs to its request, logBatch is 1.
 */
function write({ config, later }: Services, line: string): void {
  lines.push(line);
  if (lines.length >= config.logBatch) return flush();
  const now = Date.now();
  // The request that was to flush may have been cancelled: after twice its time another one does.
  if (now < flushAt + PATIENCE) return;
  flushAt = now + PATIENCE;
  later(scheduler.wait(PATIENCE).then(flush));
}

function flush(): void {
  flushAt = 0;
  if (lines.length > 0) console.log(lines.splice(0).join('\n'));
}

/** The path of a URL as it was sent, whatever its host. A ticket in it, or a share's token, is a secret like a signature, however it is spelt. */
function withoutTicket(url: string, base: string): string {
  const [, path = ''] = /^[a-z]+:\/\/[^/?#]*([^?#]*)/i.exec(url) ?? [];
  const kept = path.slice(0, MAX_PATH);
  // Nearly every path: nothing in it is a ticket, and nothing can be one in another spelling.
  if (!/%|preauth:|\/shared\//i.test(kept)) return kept;
  const parts = kept.split('/');
  const resource = base.split('/').length;
  const token = decoded(parts[resource] ?? '') === 'shared' ? resource + 1 : undefined;
  return parts.map((part, i) => (/^preauth:/i.test(decoded(part)) ? 'preauth:…' : i === token ? '…' : part)).join('/');
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
