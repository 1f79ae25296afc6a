// The VOSpaces that a command speaks to, each connected once, with the credentials that the person has there.
import { connect } from '../client/connect.ts';
import type { Vospace } from '../client/vospace.ts';
import { credentialsFor, environmentService, isSame, isSameBase, knownServices, type Environment } from './account/known.ts';
import type { Config, Service } from './config.ts';
import { EXIT } from './exit.ts';
import { nodeMd5 } from './node-md5.ts';
import type { NodeTarget } from './target.ts';
import { Trouble } from './trouble.ts';

export class Spaces {
  readonly #config: Config;
  readonly #environment: Environment;
  readonly #open = new Map<string, Promise<Vospace>>();
  readonly #warn: (line: string) => void;

  /** `warn`: told what is amiss with files that hold secrets. */
  constructor(config: Config, environment: Environment, warn: (line: string) => void = () => undefined) {
    this.#config = { ...config, services: knownServices(config, environment) };
    this.#environment = environment;
    this.#warn = warn;
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
    const [name, service] = Object.entries(this.#config.services).find(([, { url }]) => isSameBase(url, base)) ?? [];
    if (name !== undefined && service) return this.#once(name, () => this.#connect(service, name));
    const standard = await this.standard();
    if (isSameBase(standard.base, base)) return standard;
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
    const named = environmentService(this.#config, this.#environment);
    if (named) return this.#once('', () => this.#connect(named, undefined));
    const { default: chosen = Object.keys(this.#config.services)[0] } = this.#config;
    const service = chosen === undefined ? undefined : this.#config.services[chosen];
    if (chosen !== undefined && service) return this.#once(chosen, () => this.#connect(service, chosen));
    if (chosen !== undefined)
      throw new Trouble(`the default VOSpace ${chosen} is not among those that are known`, {
        exit: EXIT.usage,
        advice: 'vopipe login URL makes it known.',
      });
    throw new Trouble('no VOSpace is known', {
      exit: EXIT.usage,
      advice: 'vopipe login URL makes one known; VOPIPE_URL in the environment does for one command.',
    });
  }

  /** The VOSpace that a URL, as of a job, belongs to; that which is meant where none is named for all others, and for what is no URL. */
  async byUrl(url: string): Promise<Vospace> {
    const isBelow = ([, { url: base }]: readonly [string, Service]): boolean => url.startsWith(`${base.replace(/\/$/, '')}/`);
    const [name, service] = Object.entries(this.#config.services).find(isBelow) ?? [];
    if (name === undefined || !service || this.#environment['VOPIPE_URL']) return this.standard();
    return this.#once(name, () => this.#connect(service, name));
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
      credentials: credentialsFor(service, this.#environment, this.#warn),
      runtime: { md5: nodeMd5 },
    });
  }
}
