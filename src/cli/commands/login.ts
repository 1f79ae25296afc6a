// `vopipe login`: who one is at a VOSpace, kept for later commands.
import { hostname } from 'node:os';
import { addPassword, revokePassword } from '../../client/account.ts';
import { connect } from '../../client/connect.ts';
import type { Credentials } from '../../client/credentials.ts';
import { VospaceError } from '../../client/error.ts';
import { me } from '../../client/me.ts';
import type { Vospace } from '../../client/vospace.ts';
import { parseAuthority } from '../../model/vos-uri.ts';
import { isSameAuthority, isSameBase } from '../account/known.ts';
import { probe, type Probed } from '../account/probe.ts';
import { askLine, askSecret, isAnswered, readSecret } from '../ask.ts';
import { define, type Context } from '../command.ts';
import { readConfig, writeConfig, type Service } from '../config.ts';
import { alone } from '../lock.ts';
import { EXIT } from '../exit.ts';
import { shown } from '../terminal.ts';
import { Trouble, UsageTrouble } from '../trouble.ts';

interface Wanted {
  readonly user?: string | undefined;
  readonly 'password-stdin': boolean;
  readonly 'token-stdin': boolean;
  readonly anonymous: boolean;
}

export const command = define({
  usage: ['[OPTION]... URL'],
  takes: [1, 1],
  details:
    'User and password are asked for at the terminal, and the password is not shown. Where the service can, vopipe makes an\n' +
    'application password of its own for this computer, which can be revoked by itself, and keeps that and not yours; it is\n' +
    'in the configuration file, which only you may read. The first VOSpace is the one that vos:/ means.',
  options: {
    user: { type: 'string', short: 'u', value: 'NAME', help: 'the user, instead of asking' },
    'password-stdin': { type: 'boolean', help: 'read the password from standard input' },
    'token-stdin': { type: 'boolean', help: 'read a token from standard input, and keep it as it is' },
    anonymous: { type: 'boolean', help: 'make the VOSpace known without signing in' },
    as: {
      type: 'string',
      value: 'AUTHORITY',
      help: 'call it so in vos:// URIs, as for a second user of a VOSpace; otherwise as it calls itself',
    },
    default: { type: 'boolean', help: 'vos:/ means this VOSpace from now on' },
  },
  examples: [
    ['vopipe login https://example.org/vos', 'asks for user and password'],
    ['pass show vos | vopipe login --user ada --password-stdin https://example.org/vos', 'a password from another program'],
    ['vopipe login --anonymous https://example.org/vos', 'for what is public there'],
  ],
  async run(context, { args, options }) {
    if ([options['password-stdin'], options['token-stdin'], options.anonymous].filter(Boolean).length > 1)
      throw new UsageTrouble('login: --password-stdin, --token-stdin and --anonymous exclude each other', 'login');
    if (options.as !== undefined && !isAuthority(options.as))
      throw new UsageTrouble(`login: ${JSON.stringify(options.as)} cannot be the name of a VOSpace`, 'login');
    const { terminal, signal, json, configFile } = context;
    const probed = await probe(baseOf(args[0] ?? ''), signal);
    const credentials = await askCredentials(context, probed, options);
    const space = await open(probed, credentials);
    // One of another kind may not say what it is called.
    const own = await space.authority({ signal }).catch((thrown: unknown) => {
      if (signal.aborted || options.as === undefined) throw thrown;
      return undefined;
    });
    const authority = options.as ?? own ?? '';
    const user = credentials && (await checked(space, credentials, signal));
    const service = {
      ...(await serviceFor(context, probed, space, credentials)),
      ...(own !== undefined && !isSameAuthority(own, authority) && { authority: own }),
    };
    const { name, before, chosen } = await alone(configFile, signal, () =>
      note(configFile, { authority, own }, service, options.default),
    ).catch(async (thrown: unknown) => {
      await forget(service, signal);
      throw thrown;
    });
    await forget(before, signal);
    if (json)
      await terminal.json({
        authority: name,
        url: probed.url,
        codec: probed.codec,
        ...(user !== undefined && { user }),
        default: chosen === name,
      });
    else {
      const former = before?.user === undefined || before.user === user ? '' : `, and no longer as ${shown(before.user)}`;
      const who = user === undefined ? 'known' : `signed in as ${shown(user)}`;
      terminal.say(`${shown(name)} at ${probed.url}: ${who}${former}${chosen === name ? '; vos:/ means this VOSpace' : ''}`);
    }
  },
});

/** The URL of the service, or of its VOSI capabilities, as a person may write it. */
function baseOf(given: string): string {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `https://${given}`;
  if (!URL.canParse(text) || !/^https?:/i.test(text)) throw new UsageTrouble(`login: ${JSON.stringify(given)} is not a URL`, 'login');
  const { username, password, origin, pathname } = new URL(text);
  // It is in the shell's history by this time, but it shall not work.
  if (username !== '' || password !== '') throw new UsageTrouble('login: no user and no password in the URL: they are asked for', 'login');
  return `${origin}${pathname.replace(/\/capabilities\/?$/, '').replace(/\/$/, '')}`;
}

function isAuthority(text: string): boolean {
  try {
    return parseAuthority(text) !== '';
  } catch {
    return false;
  }
}

interface Named {
  readonly authority: string;
  /** What it calls itself. */
  readonly own: string | undefined;
}

/** What is said of the VOSpace in the configuration, which was `before`, and the VOSpace that vos:/ means. Throws Trouble where another has the name. */
function note(file: string, { authority, own }: Named, service: Service, isDefault: boolean) {
  const config = readConfig(file);
  const [name = authority, before] = Object.entries(config.services).find(([known]) => isSameAuthority(known, authority)) ?? [];
  if (before && !isSameBase(before.url, service.url) && (own === undefined || !isSameAuthority(before.authority ?? name, own)))
    throw new Trouble(`login: ${shown(name)} is another VOSpace, at ${before.url}`, {
      exit: EXIT.conflict,
      advice: `Choose another name with --as, or forget that one: vopipe logout ${shown(name)}.`,
    });
  const isFirst = Object.keys(config.services).every((known) => known === name);
  const chosen = isDefault || isFirst ? name : config.default;
  writeConfig(file, { ...config, ...(chosen !== undefined && { default: chosen }), services: { ...config.services, [name]: service } });
  return { name, before, chosen };
}

async function askCredentials(context: Context, { url }: Probed, options: Wanted): Promise<Credentials | undefined> {
  const { terminal, signal } = context;
  if (options.anonymous) return undefined;
  const isAsked = isAnswered(terminal);
  if (options['token-stdin']) return { token: nonEmpty('token', (await readSecret(terminal, signal)).trim()) };
  if (!isAsked && !options['password-stdin'])
    throw new Trouble('login: there is no terminal to ask at', {
      exit: EXIT.usage,
      advice: 'Use --password-stdin, --token-stdin or --anonymous.',
    });
  if (!isAsked && options.user === undefined) throw new UsageTrouble('login: --password-stdin needs --user', 'login');
  const user = nonEmpty('user', options.user ?? (await askLine(terminal, `User at ${url}: `, signal)));
  if (user.includes(':')) throw new UsageTrouble('login: no user has a colon in the name', 'login');
  const password = options['password-stdin']
    ? await readSecret(terminal, signal)
    : await askSecret(terminal, `Password of ${shown(user)}: `, signal);
  return { user, password: nonEmpty('password', password) };
}

function nonEmpty(what: string, text: string): string {
  if (text !== '') return text;
  throw new UsageTrouble(`login: the ${what} is empty`, 'login');
}

async function open({ url, codec }: Probed, credentials: Credentials | undefined): Promise<Vospace> {
  return connect(url, { credentials, ...(codec === 'xml' && { codec: (await import('../../client/xml.ts')).xml }) });
}

/** The user's name as the service has it. Throws where the service does not take the credentials. */
async function checked(space: Vospace, credentials: Credentials, signal: AbortSignal): Promise<string> {
  const known = 'user' in credentials ? credentials.user : 'the holder of the token';
  if (space.session.codec.ours) return (await me(space, { signal })).user;
  await space.nodes.get('/', { limit: 0, detail: 'min', signal });
  return known;
}

/** With an application password where the service makes them for these credentials, else with what was given. */
async function serviceFor(
  context: Context,
  { url, codec }: Probed,
  space: Vospace,
  credentials: Credentials | undefined,
): Promise<Service> {
  const service: Service = { url, ...(codec === 'xml' && { codec }) };
  if (!credentials) return service;
  if (!('user' in credentials)) return { ...service, token: String(credentials.token) };
  const { user, password } = credentials;
  if (codec === 'json') {
    try {
      const made = await addPassword(space, `vopipe on ${hostname()}`.slice(0, 200), { signal: context.signal });
      return { ...service, user, ...made };
    } catch (thrown) {
      if (!(thrown instanceof VospaceError) || thrown.transient) throw thrown;
      context.terminal.say(`vopipe: ${thrown.message}: your own password is kept instead, in ${context.configFile}`);
    }
  } else context.terminal.say(`vopipe: this VOSpace makes no application passwords: your own is kept in ${context.configFile}`);
  return { ...service, user, password };
}

/** The password of an earlier login, which nobody has any more. One that cannot be revoked does no harm: its text is gone. */
async function forget({ url, user, password, pwid }: Partial<Service> = {}, signal: AbortSignal): Promise<void> {
  if (url === undefined || user === undefined || password === undefined || pwid === undefined) return;
  await revokePassword(connect(url, { credentials: { user, password } }), pwid, { signal }).catch(() => undefined);
}
