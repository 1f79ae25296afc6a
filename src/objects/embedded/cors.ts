// CORS of the embedded store: as a Swift container whose Allow-Origin is *.
import { answer, page } from './answers.ts';

const METHODS = 'GET, HEAD, OPTIONS, PUT';
const EXPOSED =
  'x-timestamp, x-trans-id, etag, pragma, accept-ranges, cache-control, x-openstack-request-id, content-disposition, content-type, content-length, expires, last-modified, content-range, content-language';
const MAX_AGE = '3600';

/** The answer to OPTIONS; a signature is not asked for, since browsers send none. */
export function preflight(request: Request, containerExists: boolean): Response {
  const origin = request.headers.get('Origin');
  if (origin === null) return answer({ status: 200, headers: { Allow: METHODS } });
  const method = request.headers.get('Access-Control-Request-Method') ?? '';
  if (!containerExists || !METHODS.split(', ').includes(method)) return page(401, request.method, { Allow: METHODS });
  const asked = request.headers.get('Access-Control-Request-Headers');
  return answer({
    status: 200,
    headers: {
      Allow: METHODS,
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Max-Age': MAX_AGE,
      'Access-Control-Allow-Methods': METHODS,
      ...(asked === null ? {} : { 'Access-Control-Allow-Headers': asked, Vary: 'Access-Control-Request-Headers' }),
    },
  });
}

/** Puts CORS headers on the answer to a request that has an Origin. Swift leaves them off its 401. */
export function withCors(request: Request, response: Response): Response {
  if (!request.headers.has('Origin') || response.status === 401) return response;
  response.headers.set('Access-Control-Allow-Origin', '*');
  response.headers.set('Access-Control-Expose-Headers', EXPOSED);
  return response;
}
