// `vopipe share`: URLs by which anybody reads a node, made, listed and revoked.
import type { Share } from '../../client/package.ts';
import { define, type Context } from '../command.ts';
import type { Exit } from '../exit.ts';
import { forEachNode } from '../each-match.ts';
import { localTime } from '../nodes/amounts.ts';
import { Table } from '../nodes/columns.ts';
import { parseWhen } from '../nodes/when.ts';
import { spaceBefore } from '../space-before.ts';
import { forEach } from '../tell.ts';
import { shown } from '../terminal.ts';
import { UsageTrouble } from '../trouble.ts';

export const command = define({
  usage: ['[--until WHEN] NODE...', '--list [VOSPACE]', '--revoke ID...'],
  takes: [0, Infinity],
  details:
    'The URL is written this once: whoever has it reads the node, and what is in it, with your rights of that moment, until the end\n' +
    'or until the share is revoked. It ends after seven days where nothing else is said, and after a year at the latest.',
  options: {
    until: { type: 'string', short: 'u', value: 'WHEN', help: '2026-12-31, 2026-12-31T18:00, or 12h, 3d, 2w from now' },
    list: { type: 'boolean', short: 'l', help: 'your shares that have not ended' },
    revoke: { type: 'boolean', help: 'end shares at once' },
  },
  examples: [
    ['vopipe share --until 30d vos:/ada/release', 'a URL for a month'],
    ['vopipe share --list', 'which there are, and their ids'],
    ['vopipe share --revoke 0mj2fQ', 'one that has to end'],
  ],
  async run(context, { args, options }) {
    const { until, list, revoke } = options;
    if (list && revoke) throw new UsageTrouble('share: --list and --revoke exclude each other', 'share');
    if (list) return listShares(context, args);
    if (args.length === 0) throw new UsageTrouble(`share: an argument is missing`, 'share');
    if (revoke) return revokeShares(context, args);
    const expires = until === undefined ? undefined : parseWhen(until, { now: Date.now(), sign: 1, ends: true });
    if (until !== undefined && expires === undefined)
      throw new UsageTrouble(`share: --until ${JSON.stringify(until)} is not understood`, 'share');
    return forEachNode('share', context, args, async (target) => {
      const { terminal, spaces, signal, json } = context;
      const made = await (await spaces.of(target)).shares.create(target.names, { expires, signal });
      if (json) return terminal.json(documentOf(made, made.url));
      await terminal.out(`${made.url}\n`);
      return terminal.say(`until ${localTime(made.expires)}; vopipe share --revoke ${made.id} ends it at once`);
    });
  },
});

async function listShares(context: Context, args: readonly string[]): Promise<void> {
  const { terminal, spaces, signal, json } = context;
  const { space = await spaces.standard(), rest } = await spaceBefore('share', spaces, args);
  if (rest.length > 0)
    throw new UsageTrouble(`share: ${JSON.stringify(rest[0])} is not a VOSpace, such as vos://example.org~vospace`, 'share');
  const table = new Table();
  for await (const share of space.shares.list({ signal })) {
    if (json) await terminal.json(documentOf(share));
    else await terminal.out(table.lines([[share.id, `until ${localTime(share.expires)}`, shown(share.uri)]]));
  }
}

function documentOf({ id, uri, created, expires }: Share, url?: string): unknown {
  return { id, uri, created: new Date(created).toISOString(), expires: new Date(expires).toISOString(), ...(url !== undefined && { url }) };
}

/** `vos://authority` before the ids: those of another VOSpace. */
async function revokeShares(context: Context, args: readonly string[]): Promise<Exit | undefined> {
  const { space = await context.spaces.standard(), rest } = await spaceBefore('share', context.spaces, args);
  return forEach(context, rest, async (id) => {
    await space.shares.revoke(id, { signal: context.signal });
    if (context.json) await context.terminal.json({ revoked: id });
  });
}
