// /synctrans: pushToVoSpace and pullFromVoSpace negotiated in one call, by a document or by parameters. /sync is its name in VOSpace 2.0.
import { Hono, type Context } from 'hono';
import { Fault } from '../faults.ts';
import { parseTransferJson } from '../model/json/transfer.ts';
import type { Transfer } from '../model/transfer.ts';
import { submitSync } from '../service/jobs/submit.ts';
import { negotiate, type Negotiation } from '../service/transfers.ts';
import { parseTransfer } from '../xml/transfer.ts';
import { PRIVATE } from './byte-headers.ts';
import type { AppEnv } from './context.ts';
import { baseUrl, checksDigest, isJson, parameters, query, readText, refuseRepeated } from './input.ts';
import { transferAnswer } from './transfer-answer.ts';

export const synctrans = new Hono<AppEnv>();

synctrans.on('GET', ['/synctrans', '/sync'], async (c) => byParameters(c, c.get('url').searchParams));

synctrans.on('POST', ['/synctrans', '/sync'], async (c) => {
  const { searchParams } = c.get('url');
  if (query(c).has('target')) return byParameters(c, searchParams);
  const text = await readText(c.req.raw);
  if (/^application\/x-www-form-urlencoded\b/i.test(c.req.header('Content-Type') ?? '') && !text.trimStart().startsWith('<')) {
    return byParameters(c, new URLSearchParams(`${searchParams.toString()}&${text}`));
  }
  const transfer = isJson(c) ? parseTransferJson(text) : parseTransfer(text);
  const job = await submitSync(c.var.services, transfer, negotiation(c));
  return c.body(null, 303, { ...PRIVATE, Location: `${baseUrl(c)}/transfers/${job.id}/results/transferDetails` });
});

/** VOSpace 2.1 section 6.4.5: the answer is the transfer itself, or with REQUEST=redirect the way to the bytes; faults come with their status. */
async function byParameters(c: Context<AppEnv>, sent: URLSearchParams): Promise<Response> {
  // "exactly one PROTOCOL parameter"
  refuseRepeated(sent, ['target', 'direction', 'protocol', 'view', 'securitymethod', 'request', 'length']);
  const given = parameters(sent);
  const required = (name: string): string => {
    const value = given.get(name);
    if (value === undefined || value === '') throw new Fault('InvalidArgument', `parameter ${name.toUpperCase()} is missing`);
    return value;
  };
  const redirects = given.get('request')?.toLowerCase();
  if (redirects !== undefined && redirects !== 'redirect')
    throw new Fault('InvalidArgument', `REQUEST=${redirects.slice(0, 50)} is not redirect`);
  const method = given.get('securitymethod');
  const view = given.get('view');
  const length = given.get('length');
  const transfer: Transfer = {
    targets: [required('target')],
    direction: required('direction'),
    protocols: [{ uri: required('protocol'), securityMethods: method === undefined || method === '' ? [] : [method] }],
    ...(view === undefined || view === '' ? {} : { view: { uri: view } }),
    params: length === undefined ? [] : [{ uri: 'ivo://ivoa.net/vospace/core#length', value: length }],
  };
  if (redirects && transfer.direction !== 'pullFromVoSpace')
    throw new Fault('InvalidArgument', 'REQUEST=redirect goes with DIRECTION=pullFromVoSpace');
  const { details } = await negotiate(c.var.services, transfer, { ...negotiation(c), job: undefined });
  const endpoint = details.protocols[0]?.endpoint;
  if (redirects && endpoint !== undefined) return c.body(null, 303, { ...PRIVATE, Location: endpoint });
  return transferAnswer(c, details);
}

function negotiation(c: Context<AppEnv>): Omit<Negotiation, 'job'> {
  return { principal: c.var.principal, base: baseUrl(c), needsDigest: checksDigest(c) };
}
