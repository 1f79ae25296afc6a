// The one place where errors become answers: text with the fault's name first, or JSON, or of pipes XML.
import type { Context } from 'hono';
import { asFault, Fault, FAULTS } from '../faults.ts';
import { challenges } from '../auth/authenticate.ts';
import type { AppEnv } from './context.ts';
import { formatPipeXml } from '../xml/pipe.ts';
import { wantsJson, wantsXml } from './input.ts';

/** VOSpace 2.1 section 5, notes: "the fault name, followed by white space and details". */
export function faultAnswer(error: unknown, c: Context<AppEnv>): Response {
  const known = asFault(error);
  if (!known)
    console.error(
      JSON.stringify({
        level: 'error',
        event: 'internal-fault',
        request: c.var.requestId,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      }),
    );
  const fault = known ?? new Fault('InternalFault', `request ${c.var.requestId}`);
  const status = FAULTS[fault.fault];
  const headers = new Headers({
    ...fault.headers,
    'Cache-Control': 'no-store',
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
  });
  // SSO 2.0: every 401 says how to sign in.
  if (status === 401 && !headers.has('WWW-Authenticate'))
    for (const [name, value] of Object.entries(challenges(c.var.services.config))) headers.set(name, value);
  if (wantsJson(c)) {
    headers.set('Content-Type', 'application/json');
    return new Response(JSON.stringify({ fault: fault.fault, detail: fault.detail }), { status, headers });
  }
  if (wantsXml(c) && isOfPipes(c)) {
    headers.set('Content-Type', 'text/xml; charset=utf-8');
    return new Response(formatPipeXml('fault', { fault: fault.fault, detail: fault.detail }), { status, headers });
  }
  return new Response(`${fault.fault} ${fault.detail}`, { status, headers });
}

/** VOSpace has its faults as text, whatever is asked for. */
function isOfPipes(c: Context<AppEnv>): boolean {
  return /\/pipes(?:\/|$)/.test(c.req.path);
}
