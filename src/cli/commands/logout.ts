// `vopipe logout`: credentials forgotten, and the application password of this computer revoked.
import { revokePassword } from '../../client/account.ts';
import { connect } from '../../client/connect.ts';
import { VospaceError } from '../../client/error.ts';
import { isSameAuthority, isSameBase } from '../account/known.ts';
import { define } from '../command.ts';
import { prepareConfig, readConfig, type Config, type Service } from '../config.ts';
import { alone } from '../lock.ts';
import { EXIT } from '../exit.ts';
import { forEach } from '../tell.ts';
import { shown } from '../terminal.ts';
import { Trouble } from '../trouble.ts';

export const command = define({
  usage: ['[OPTION]... [AUTHORITY|URL]...'],
  takes: [0, Infinity],
  details: 'Without an argument: at the VOSpace that vos:/ means. The application password that vopipe login has made is revoked.',
  options: {
    all: { type: 'boolean', short: 'a', help: 'all VOSpaces' },
    force: { type: 'boolean', short: 'f', help: 'forget it also where the password cannot be revoked' },
  },
  examples: [
    ['vopipe logout', 'where vos:/ is'],
    ['vopipe logout example.org~vospace', 'at one VOSpace'],
  ],
  async run(context, { args, options }) {
    const { terminal, configFile, signal, json } = context;
    const config = readConfig(configFile);
    const standard = config.default ?? Object.keys(config.services)[0];
    const named = options.all ? Object.keys(config.services) : args.length === 0 && standard !== undefined ? [standard] : args;
    if (named.length === 0) throw new Trouble('no VOSpace is known', { exit: EXIT.notFound });
    return forEach(context, named, async (text) => {
      const { name, url, next } = await alone(configFile, signal, async () => {
        // What others have changed until this moment stays.
        const current = readConfig(configFile);
        const [name, service] = find(current, text);
        const { [name]: _, ...services } = current.services;
        const wasStandard = name === (current.default ?? Object.keys(current.services)[0]);
        const left = wasStandard ? Object.keys(services)[0] : current.default;
        // A password that is revoked and still configured would make every other command fail.
        const { put, drop } = prepareConfig(configFile, { ...(left !== undefined && services[left] && { default: left }), services });
        try {
          await revoke(service, signal).catch((thrown: unknown) => {
            if (!options.force) throw thrown;
            terminal.say(`vopipe: the password for ${shown(name)} is not revoked: ${thrown instanceof Error ? shown(thrown.message) : ''}`);
          });
          put();
        } finally {
          drop();
        }
        return { name, url: service.url, next: wasStandard ? left : undefined };
      });
      if (json) await terminal.json({ authority: name, url });
      else terminal.say(`${shown(name)}: signed out${next === undefined ? '' : `; vos:/ means ${shown(next)}`}`);
    });
  },
});

function find({ services }: Config, text: string): readonly [name: string, service: Service] {
  const bare = text.replace(/^vos:\/\//i, '').replace(/\/$/, '');
  const found = Object.entries(services).find(([name, { url }]) => isSameAuthority(name, bare) || isSameBase(url, text));
  if (found) return found;
  throw new Trouble(`${text} is none of the known VOSpaces`, {
    exit: EXIT.notFound,
    advice: `Known are ${Object.keys(services).join(', ') || 'none'}.`,
  });
}

/** Revoked already counts as revoked. */
async function revoke({ url, user, password, pwid }: Service, signal: AbortSignal): Promise<void> {
  if (user === undefined || password === undefined || pwid === undefined) return;
  await revokePassword(connect(url, { credentials: { user, password } }), pwid, { signal }).catch((thrown: unknown) => {
    if (!(thrown instanceof VospaceError) || (thrown.status !== 401 && thrown.status !== 404)) throw thrown;
  });
}
