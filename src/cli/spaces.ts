// The VOSpaces that a command speaks to, each connected once, with the credentials that the person has there.
import { connect } from '../client/connect.ts';
import type { Credentials } from '../client/credentials.ts';
import { isSameNode } from '../client/place.ts';
import type { Vospace } from '../client/vospace.ts';
import type { Config, Service } from './config.ts';
import { EXIT } from './exit.ts';
import { nodeMd5 } from './node-md5.ts';
import type { NodeTarget } from './target.ts';
import { Trouble } from './trouble.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export class Spaces {
  readonly #config: Config;
  readonly #environment: Environment;
  readonly #open = new Map<string, Promise<Vospace>>();

  constructor(config: Config, environment: Environment) {
    this.#config = config;
    this.#environment = environment;
  }

  /** The VOSpace that a node is in. Throws Trouble where none is known for it. */
  of({ authority }: Pick<NodeTarget, 'authority'>): Promise<Vospace> {
    if (authority === undefined) return this.standard();
    const [name, service] = Object.entries(this.#config.services).find(([known]) => isSame(known, authority)) ?? [];
    if (name !== undefined && service) return this.#once(name, () => this.#connect(service, name));
    if (this.#environment['VOPIPE_URL']) return this.#byUrl(authority);
    throw new Trouble(`no URL is known for the VOSpace ${authority}`, {
      exit: EXIT.usage,
      advice: 'vopipe login URL makes a VOSpace known.',
    });
  }

  /** The VOSpace at this base URL. Throws Trouble where it is not a known one: credentials go nowhere else. */
  async at(base: string): Promise<Vospace> {
    const isIt = (url: string): boolean => url.replace(/\/$/, '') === base.replace(/\/$/, '');
    const [name, service] = Object.entries(this.#config.services).find(([, { url }]) => isIt(url)) ?? [];
    if (name !== undefined && service) return this.#once(name, () => this.#connect(service, name));
    const standard = await this.standard();
    if (isIt(standard.base)) return standard;
    throw new Trouble(`${base} is none of the known VOSpaces`, { exit: EXIT.usage, advice: `vopipe login ${base} makes it known.` });
  }

  /** What the configuration has for a VOSpace, for a service that is to act there; undefined: nothing. */
  credentialsFor(authority: string): { readonly token: string } | { readonly user: string; readonly password: string } | undefined {
    const [, service] = Object.entries(this.#config.services).find(([known]) => isSame(known, authority)) ?? [];
    if (!service) return undefined;
    const { token, user, password } = service;
    if (token !== undefined) return { token };
    return user !== undefined && password !== undefined ? { user, password } : undefined;
  }

  /** The VOSpace that is meant where none is named. */
  standard(): Promise<Vospace> {
    const url = this.#environment['VOPIPE_URL'];
    if (url) return this.#once('', () => this.#connect({ url, ...fromEnvironment(this.#environment) }, undefined));
    const { default: chosen = Object.keys(this.#config.services)[0] } = this.#config;
    const service = chosen === undefined ? undefined : this.#config.services[chosen];
    if (chosen !== undefined && service) return this.#once(chosen, () => this.#connect(service, chosen));
    throw new Trouble('no VOSpace is known', {
      exit: EXIT.usage,
      advice: 'vopipe login URL makes one known; VOPIPE_URL in the environment does for one command.',
    });
  }

  /** The VOSpace that a URL, as of a job, belongs to; that which is meant where none is named for all others, and for what is no URL. */
  async byUrl(url: string): Promise<Vospace> {
    const [name, service] =
      Object.entries(this.#config.services).find(([, { url: base }]) => url.startsWith(`${base.replace(/\/$/, '')}/`)) ?? [];
    return name !== undefined && service && !this.#environment['VOPIPE_URL']
      ? this.#once(name, () => this.#connect(service, name))
      : this.standard();
  }

  async #byUrl(authority: string): Promise<Vospace> {
    const space = await this.standard();
    const own = await space.authority();
    if (isSame(own, authority)) return space;
    throw new Trouble(`VOPIPE_URL is the VOSpace ${own}, and no URL is known for ${authority}`, {
      exit: EXIT.usage,
      advice: 'vopipe login URL makes a VOSpace known.',
    });
  }

  #once(name: string, open: () => Promise<Vospace>): Promise<Vospace> {
    const known = this.#open.get(name) ?? open();
    this.#open.set(name, known);
    return known;
  }

  async #connect(service: Service, authority: string | undefined): Promise<Vospace> {
    const codec = service.codec === 'xml' ? (await import('../client/xml.ts')).xml : undefined;
    return connect(service.url, {
      ...(authority !== undefined && { authority }),
      ...(codec && { codec }),
      credentials: credentialsOf(service),
      runtime: { md5: nodeMd5 },
    });
  }
}

function credentialsOf({ user, password, token }: Service): Credentials | undefined {
  if (token !== undefined) return { token };
  return user !== undefined && password !== undefined ? { user, password } : undefined;
}

function fromEnvironment(environment: Environment): Pick<Service, 'user' | 'password' | 'token'> {
  const { VOPIPE_USER: user, VOPIPE_PASSWORD: password, VOPIPE_TOKEN: token } = environment;
  return { ...(user && { user }), ...(password && { password }), ...(token && { token }) };
}

function isSame(one: string, other: string): boolean {
  return isSameNode(`vos://${one}`, `vos://${other}`);
}
