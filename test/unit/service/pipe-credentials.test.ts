// What is entrusted to a pipe: readable for this pipe alone, and only for where it was entrusted.
import { describe, expect, it } from 'vitest';
import type { Config } from '../../../src/config.ts';
import type { PipeEnd, PipeId } from '../../../src/model/pipe.ts';
import { parseAuthority } from '../../../src/model/vos-uri.ts';
import type { StoreKeysPort } from '../../../src/objects/keys.ts';
import { openCredentials, sealCredentials } from '../../../src/service/pipes/credentials.ts';

const FAR = parseAuthority('far.example~vospace');
const OTHER = parseAuthority('other.example~vospace');
const [ID, ID2] = ['p1' as PipeId, 'p2' as PipeId];
const LOCAL: PipeEnd = { kind: 'local', uri: 'vos://here.example~vospace/a' };
const end = (endpoint?: string): PipeEnd => ({ kind: 'foreign', uri: `vos://${FAR}/b`, ...(endpoint !== undefined && { endpoint }) });
const credential = { authority: FAR, token: 'canary' };

function services(url = 'https://far.example/vos/capabilities') {
  const registry = new Map([
    [FAR, url],
    [OTHER, 'https://other.example/vos'],
  ]);
  const keys: Pick<StoreKeysPort, 'secret'> = { secret: () => Promise.resolve('a secret of the service') };
  return { config: { registry } as unknown as Config, keys: keys as StoreKeysPort };
}

const pipe = (destination: PipeEnd = end()) => ({ id: ID, source: LOCAL, destination });

describe('a credential of a pipe', () => {
  it('is sealed, and opened for the same pipe', async () => {
    const sealed = await sealCredentials(services(), pipe(), [credential]);
    expect(JSON.stringify(sealed)).not.toContain('canary');
    expect(await openCredentials(services(), ID, sealed)).toEqual([credential]);
    expect(await openCredentials(services(), ID2, sealed)).toEqual([]);
  });

  it('goes nowhere once the registry leads elsewhere, and again when it leads back', async () => {
    const sealed = await sealCredentials(services(), pipe(), [credential]);
    expect(await openCredentials(services('https://moved.example/vos'), ID, sealed)).toEqual([]);
    expect(await openCredentials(services('http://far.example/vos'), ID, sealed)).toEqual([]);
    expect(await openCredentials(services('https://far.example/other'), ID, sealed)).toEqual([credential]);
  });

  it.each<[string, Parameters<typeof sealCredentials>[1], readonly { authority: typeof FAR; token: string }[]]>([
    ['another authority than that of an end', pipe(), [{ ...credential, authority: OTHER }]],
    ['an end of the service itself', { id: ID, source: LOCAL, destination: LOCAL }, [credential]],
    ['an endpoint at another origin', pipe(end('https://elsewhere.example/vos')), [credential]],
    ['an endpoint at another port', pipe(end('https://far.example:8443/vos')), [credential]],
    ['an authority that is named twice', pipe(), [credential, credential]],
  ])('is refused for %s', async (_, definition, credentials) => {
    await expect(sealCredentials(services(), definition, credentials)).rejects.toMatchObject({ fault: 'InvalidArgument' });
  });

  it('is taken for an endpoint at the origin of the registry', async () => {
    expect(await sealCredentials(services(), pipe(end('https://far.example/vos2')), [credential])).toHaveLength(1);
  });
});
