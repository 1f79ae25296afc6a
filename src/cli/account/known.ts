// Which VOSpaces are known, and who one is there: the configuration, the environment, and .netrc.
import type { Environment } from '../command.ts';
import type { Credentials } from '../../client/credentials.ts';
import { isSameNode } from '../../client/place.ts';
import type { Vospace } from '../../client/vospace.ts';
import { isServiceUrl, type Config, type Service } from '../config.ts';
import { EXIT } from '../exit.ts';
import { Trouble } from '../trouble.ts';
import { fromNetrc } from './netrc.ts';

/** By authority: those of the configuration, and those of VOPIPE_REGISTRY, which go before. Throws Trouble for a registry that is none. */
export function knownServices({ services }: Config, environment: Environment): Readonly<Record<string, Service>> {
  const named = Object.fromEntries(
    readRegistry(environment['VOPIPE_REGISTRY'] ?? '').map(([authority, url]) => {
      // Credentials stay where they were given.
      const [, known] =
        Object.entries(services).find(([name, service]) => isSameAuthority(name, authority) && isSameBase(service.url, url)) ?? [];
      return [authority, known ?? { url }] as const;
    }),
  );
  const others = Object.entries(services).filter(([name]) => !Object.keys(named).some((authority) => isSameAuthority(name, authority)));
  return { ...Object.fromEntries(others), ...named };
}

/** `authority=url` pairs, with spaces or commas between them. */
function readRegistry(text: string): readonly (readonly [authority: string, url: string])[] {
  return text
    .split(/[\s,]+/)
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      const [authority, url] = [pair.slice(0, at), pair.slice(at + 1)];
      if (at > 0 && isServiceUrl(url)) return [authority, url] as const;
      throw new Trouble(`VOPIPE_REGISTRY: ${JSON.stringify(at > 0 ? `${authority}=…` : pair)} is not authority=url`, {
        exit: EXIT.usage,
        advice: 'Such as example.org~vospace=https://example.org/vos, several with spaces between them.',
      });
    });
}

/**
 * What VOPIPE_URL means; undefined where it is not set. Throws Trouble for what is no URL. Without a password of its own it has that of the configuration
 * for the same URL: of VOPIPE_USER, or else of the default.
 */
export function environmentService({ services, default: chosen }: Config, environment: Environment): Service | undefined {
  const { VOPIPE_URL: given, VOPIPE_USER: user, VOPIPE_PASSWORD: password, VOPIPE_TOKEN: token } = environment;
  if (!given) return undefined;
  if (!isServiceUrl(given))
    throw new Trouble('VOPIPE_URL is not the URL of a service', {
      exit: EXIT.usage,
      advice: 'Such as https://example.org/vos, without user and password.',
    });
  const inside = `${given.replace(/\/$/, '')}/vos`;
  const all = [given, inside].flatMap((base) => Object.entries(services).filter(([, service]) => isSameBase(service.url, base)));
  const [name, entry] = all.find(([known, service]) => (user ? service.user === user : known === chosen)) ?? all[0] ?? [];
  // What it calls itself needs no question then.
  const found = entry && name !== undefined ? { authority: name, ...entry } : undefined;
  const url = found?.url ?? given;
  const known = environment['VOPIPE_CODEC'] === 'xml' ? { ...found, url, codec: 'xml' as const } : found;
  if (token) return { ...bare(known), url, token };
  if (user && password) return { ...bare(known), url, user, password };
  if (known && (!user || known.user === user)) return { ...known, url };
  return { ...bare(known), url, ...(user && { user }) };
}

/** A service without its credentials. */
function bare({ codec, authority }: Partial<Service> = {}): Partial<Service> {
  return { ...(codec && { codec }), ...(authority !== undefined && { authority }) };
}

/** Those of the service itself, or of .netrc; undefined: one is nobody there. */
export function credentialsFor(
  { url, user, password, token }: Service,
  environment: Environment,
  warn: (line: string) => void,
): Credentials | undefined {
  if (token !== undefined) return { token };
  if (user !== undefined && password !== undefined) return { user, password };
  return fromNetrc(environment, url, user, warn);
}

export function isSameAuthority(one: string, other: string): boolean {
  return isSameNode(`vos://${one}`, `vos://${other}`);
}

/** Whether both are the same VOSpace, however each was named. */
export async function isSameSpace(one: Vospace, other: Vospace, signal: AbortSignal): Promise<boolean> {
  return one.base === other.base || isSameAuthority(await one.authority({ signal }), await other.authority({ signal }));
}

export function isSameBase(one: string, other: string): boolean {
  return one.replace(/\/$/, '') === other.replace(/\/$/, '');
}
