// The VOSpaces that a command speaks to, each connected once, with the credentials that the person has there.
import type { Environment } from './command.ts';
import { connect } from '../client/connect.ts';
import type { Vospace } from '../client/vospace.ts';
import { credentialsFor, environmentService, isSameAuthority, isSameBase, knownServices } from './account/known.ts';
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
  readonly #signal: AbortSignal | undefined;

  /** `warn`: told what is amiss with files that hold secrets. */
  constructor(config: Config, environment: Environment, warn: (line: string) => void = () => undefined, signal?: AbortSignal) {
    this.#config = { ...config, services: knownServices(config, environment) };
    this.#environment = environment;
    this.#warn = warn;
    this.#signal = signal;
  }

  /** The VOSpace that a node is in: that of VOPIPE_URL where it is the same one. Throws Trouble where none is known for it. */
  async of({ authority }: Pick<NodeTarget, 'authority'>): Promise<Vospace> {
    if (authority === undefined || (await this.#isNamed(authority))) return this.standard();
    const known = this.#called(authority);
    if (known) return this.#once(...known);
    const named = this.#named() ? `VOPIPE_URL is the VOSpace ${await (await this.standard()).authority()}, and ` : '';
    throw new Trouble(`${named}no URL is known for ${named === '' ? 'the VOSpace ' : ''}${authority}`, {
      exit: EXIT.usage,
      advice: 'vopipe login URL makes a VOSpace known.',
    });
  }

  /** The VOSpace at this base URL. Throws Trouble where it is not a known one: credentials go nowhere else. */
  async at(base: string): Promise<Vospace> {
    const found = await (this.#where((url) => isSameBase(url, base)) ?? this.standard());
    if (isSameBase(found.base, base)) return found;
    throw new Trouble(`${base} is none of the known VOSpaces`, { exit: EXIT.usage, advice: `vopipe login ${base} makes it known.` });
  }

  /** What the environment or the configuration has for a VOSpace, for a service that is to act there; undefined: nothing. */
  async credentialsFor(
    authority: string,
  ): Promise<{ readonly token: string } | { readonly user: string; readonly password: string } | undefined> {
    const service = (await this.#isNamed(authority)) ? this.#named() : this.#called(authority)?.[1];
    if (!service) return undefined;
    const { token, user, password } = service;
    if (token !== undefined) return { token };
    return user !== undefined && password !== undefined ? { user, password } : undefined;
  }

  /** The VOSpace that is meant where none is named. */
  async standard(): Promise<Vospace> {
    const named = this.#named();
    if (named) return this.#once(named.authority, named, '');
    const { default: chosen = Object.keys(this.#config.services)[0] } = this.#config;
    const service = chosen === undefined ? undefined : this.#config.services[chosen];
    if (chosen !== undefined && service) return this.#once(chosen, service);
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
    return this.#where((base) => url.startsWith(`${base.replace(/\/$/, '')}/`)) ?? this.standard();
  }

  /** What VOPIPE_URL names. */
  #named(): Service | undefined {
    return environmentService(this.#config, this.#environment);
  }

  /** By the name that it has here, or else by what it calls itself. */
  #called(authority: string): readonly [string, Service] | undefined {
    return (
      this.#known(([name]) => isSameAuthority(name, authority)) ??
      this.#known(([, service]) => isSameAuthority(service.authority ?? '', authority))
    );
  }

  /** Of several the default. */
  #known(test: (entry: readonly [authority: string, service: Service]) => boolean): readonly [string, Service] | undefined {
    const found = Object.entries(this.#config.services).filter(test);
    return found.find(([name]) => name === this.#config.default) ?? found[0];
  }

  /** By its base URL, that of VOPIPE_URL before those of the configuration. */
  #where(test: (url: string) => boolean): Promise<Vospace> | undefined {
    const named = this.#named();
    if (named && test(named.url)) return this.standard();
    const known = this.#known(([, { url }]) => test(url));
    return known && this.#once(...known);
  }

  /** Whether VOPIPE_URL is this VOSpace, by whichever of its URLs. */
  async #isNamed(authority: string): Promise<boolean> {
    const named = this.#named();
    if (!named) return false;
    const known = this.#known(([name]) => isSameAuthority(name, authority));
    if (known && isSameBase(known[1].url, named.url)) return true;
    try {
      return isSameAuthority(await (await this.standard()).authority(), authority);
    } catch (thrown) {
      // A VOSpace that is known by itself does not depend on another's answer.
      if (known) return false;
      throw thrown;
    }
  }

  /** `authority` undefined: to be asked for. */
  #once(authority: string | undefined, service: Service, key = authority ?? ''): Promise<Vospace> {
    const opened = this.#open.get(key) ?? this.#connect(service, authority);
    this.#open.set(key, opened);
    return opened;
  }

  async #connect(service: Service, authority: string | undefined): Promise<Vospace> {
    // As login finds it: that of the service, or of the server that it is at.
    const isServer = new URL(service.url).pathname === '/';
    const { url, codec } = isServer ? await (await import('./account/probe.ts')).probe(service.url, this.#signal) : service;
    const isXml = (service.codec ?? codec) === 'xml';
    return connect(url, {
      ...(authority !== undefined && { authority: service.authority ?? authority }),
      ...(isXml && { codec: (await import('../client/xml.ts')).xml }),
      credentials: credentialsFor(service, this.#environment, this.#warn),
      runtime: { md5: nodeMd5 },
    });
  }
}
