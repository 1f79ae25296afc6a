// `vopipe sync`: makes a folder or container what another one is.
import { isSameSpace } from '../account/known.ts';
import { readCount } from '../arguments.ts';
import { define } from '../command.ts';
import { copyOne } from '../copy/copy.ts';
import { walkFor } from '../copy/copying.ts';
import { endOf, present, type LocalEnd, type NodeEnd } from '../copy/ends.ts';
import { estimate } from '../copy/estimate.ts';
import { filterOf } from '../copy/filter.ts';
import { keyOf, placeOf } from '../copy/places.ts';
import { removeOthers } from '../copy/removal.ts';
import { PARALLEL, PARALLEL_MOST, runCopies } from '../copy/run.ts';
import { walkLocal } from '../copy/walk-local.ts';
import { EXIT, type Exit } from '../exit.ts';
import { readSingle } from '../glob.ts';
import { readTarget } from '../target.ts';
import { Trouble, UsageTrouble } from '../trouble.ts';

export const command = define({
  usage: ['SOURCE TARGET'],
  takes: [2, 2],
  details: `What is in SOURCE is then in TARGET, which is made if need be. Files of the same size and MD5 stay as they are:
a second sync copies nothing, and one that was ended goes on when it is given again.

A PATTERN without a slash is a name anywhere in the tree (*.tmp), with one a path from its beginning (raw/**/*.fits);
one that ends with a slash is of folders only (.git/). What an --exclude matches and no --include is neither copied
nor removed; of a folder all that is in it.`,
  options: {
    delete: { type: 'boolean', help: 'remove from TARGET what SOURCE does not have' },
    'dry-run': { type: 'boolean', help: 'say what would be done, and do nothing' },
    'size-only': { type: 'boolean', help: 'files of one size are the same: nothing is read to compare' },
    checksum: { type: 'boolean', help: 'compare by size and MD5 (as without it)' },
    exclude: { type: 'string', value: 'PATTERN', multiple: true, help: 'leave out what matches' },
    include: { type: 'string', value: 'PATTERN', multiple: true, help: 'but not what matches this' },
    force: { type: 'boolean', help: 'with --delete: even if nothing is in SOURCE' },
    preserve: { type: 'boolean', short: 'p', help: 'keep dates: as the property content-date, and of files' },
    parallel: { type: 'string', value: 'N', help: `connections at a time (${PARALLEL})` },
    via: { type: 'string', oneOf: ['auto', 'store'], help: 'store: small files straight to the store, too, by signed URLs' },
    verbose: { type: 'boolean', short: 'v', help: 'say what becomes of each file' },
  },
  examples: [
    ['vopipe sync images vos:/survey/images', 'a folder into a container'],
    ['vopipe sync --delete --dry-run vos:/survey/images images', 'what would be copied and removed the other way'],
    ["vopipe sync --exclude '*.tmp' --exclude .git/ . vos:/ada/work", 'without what nobody needs'],
  ],
  async run(context, { args, options }): Promise<Exit | undefined> {
    const { spaces, signal, quiet } = context;
    const { verbose, 'dry-run': dry, 'size-only': sizeOnly, checksum, force, preserve } = options;
    if (sizeOnly && checksum) throw new UsageTrouble('sync: --size-only and --checksum exclude each other', 'sync');
    const filter = filterOf(options.exclude, options.include);
    const parallel = readCount('sync', 'parallel', options.parallel, 1, PARALLEL_MOST) ?? PARALLEL;
    const [source, target] = [await end(args[0] ?? ''), await end(args[1] ?? '')];
    present(source);
    if (source.kind !== 'folder') throw new Trouble(`${source.text} is a file`, { exit: EXIT.usage, advice: 'vopipe cp copies files.' });
    if (target.kind === 'file') throw new Trouble(`${target.text} is a file`, { exit: EXIT.conflict });
    if (source.at === 'here' && target.at === 'here')
      throw new UsageTrouble('sync: neither of the two is a container of a VOSpace', 'sync');
    await refuseEmpty();
    await refuseInside();
    const place = placeOf(target);
    return runCopies(
      context,
      {
        names: ['sync', keyOf(source), keyOf(target)],
        mode: { keeps: false, dates: preserve, same: sizeOnly ? 'size' : 'md5', toStore: options.via === 'store' },
        parallel,
        verbose: verbose && !quiet,
        tells: true,
      },
      async (copying) => {
        if (context.terminal.watched) void estimate([source], filter, copying);
        await copyOne(source, place, copying, { filter, dry });
        if (!options.delete || (dry && target.kind === 'none')) return;
        if (copying.report.failures > 0) copying.report.say('Nothing is removed, because not everything was copied.');
        else {
          await refuseEmpty();
          await removeOthers({ source, place, filter, dry, walk: walkFor(copying) }, copying);
        }
      },
    );

    async function end(text: string): Promise<LocalEnd | NodeEnd> {
      const found = await endOf(/^vos:/i.test(text) ? readSingle('sync', text) : readTarget(text), spaces, signal);
      if (found.at === 'stream') throw new UsageTrouble('sync: streams are no folders', 'sync');
      return found;
    }

    async function refuseEmpty(): Promise<void> {
      if (!options.delete || force || dry || !(await isEmpty(source))) return;
      throw new Trouble(`${source.text} is empty: everything in ${target.text} would be removed`, {
        exit: EXIT.conflict,
        advice: '--force does it.',
      });
    }

    /** What TARGET has beside the contents of SOURCE would be SOURCE itself. */
    async function refuseInside(): Promise<void> {
      if (!options.delete || source.at !== 'space' || target.at !== 'space') return;
      const inside = source.where.slice(target.where.length);
      const isLeftOut = inside.some((_, i) => filter.leavesOut(inside.slice(0, i + 1), true));
      if (inside.length === 0 || isLeftOut || target.where.some((name, i) => source.where[i] !== name)) return;
      if (!(await isSameSpace(source.space, target.space, signal))) return;
      throw new Trouble(`${source.text} is in ${target.text}, and would be removed`, {
        exit: EXIT.usage,
        advice: 'What is left out by --exclude stays.',
      });
    }

    async function isEmpty(from: LocalEnd | NodeEnd): Promise<boolean> {
      if (from.at === 'space') return (await from.space.nodes.get(from.where, { limit: 1, detail: 'min', signal })).children.length === 0;
      let entries = 0;
      for await (const _ of walkLocal(from.path, { signal, skip: () => undefined, failed: () => undefined }))
        if (++entries > 1) return false;
      return true;
    }
  },
});
