// The servers of a Swift are asked how they are; one that does not answer is told, and holds up no other.
import { expect, test } from 'vitest';
import { askServers } from '../../../src/service/operator/recon.ts';

const answers: Readonly<Record<string, [number, string]>> = {
  'http://a:1/healthcheck': [200, 'OK'],
  'http://a:1/recon/version': [200, '{"version": "2.30.0"}'],
  'http://a:1/recon/replication/object': [200, '{"replication_last": 5}'],
  'http://a:1/recon/async': [200, 'no JSON'],
  'http://p:1/healthcheck': [503, 'DISABLED BY FILE'],
};
const ask = (async (url: string) => {
  if (url.startsWith('http://gone')) throw new TypeError('connect ECONNREFUSED');
  const [status, text] = answers[url] ?? [404, ''];
  return new Response(text, { status });
}) as typeof fetch;

test('each server tells what it has, in the order of the configuration', async () => {
  const states = await askServers(
    [
      { kind: 'proxy', url: 'http://p:1' },
      { kind: 'object', url: 'http://a:1' },
      { kind: 'account', url: 'http://gone:1' },
    ],
    ask,
  );
  expect(states).toEqual([
    { kind: 'proxy', url: 'http://p:1', trouble: 'answers 503 DISABLED BY FILE', reports: {} },
    { kind: 'object', url: 'http://a:1', reports: { version: { version: '2.30.0' }, replication: { replication_last: 5 } } },
    { kind: 'account', url: 'http://gone:1', trouble: 'does not answer', reports: {} },
  ]);
});
