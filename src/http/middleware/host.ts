// Refuses a request whose URL is none: what a client sends as Host becomes part of it, and with a slash in it even of the path.
import { Fault } from '../../faults.ts';

const HOST = /^(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?$/;

/** The request's URL. Throws InvalidArgument. */
export function readUrl(request: Request): URL {
  const host = request.headers.get('Host');
  const url = host === null || HOST.test(host) ? URL.parse(request.url) : null;
  if (!url) throw new Fault('InvalidArgument', 'Host: not a name and a port');
  return url;
}
