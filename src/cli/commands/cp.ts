// `vopipe cp`: files and nodes copied, whichever of the two ends is a VOSpace.
import { open } from 'node:fs/promises';
import { readCount } from '../arguments.ts';
import { define } from '../command.ts';
import { copyOne, type Place } from '../copy/copy.ts';
import type { Copying } from '../copy/copying.ts';
import { endOf, present, type End } from '../copy/ends.ts';
import { keyOf, placeOf } from '../copy/places.ts';
import { estimate } from '../copy/estimate.ts';
import { filterOf } from '../copy/filter.ts';
import { planNames } from '../copy/plan.ts';
import { PARALLEL, PARALLEL_MOST, runCopies } from '../copy/run.ts';
import { openSpecial, uploadInput, writeOutput } from '../copy/streams.ts';
import { EXIT, type Exit } from '../exit.ts';
import { expand, readSingle } from '../glob.ts';
import { readTarget, type Target } from '../target.ts';
import { explain, Trouble, UsageTrouble } from '../trouble.ts';

export const command = define({
  usage: ['SOURCE... TARGET'],
  takes: [2, Infinity],
  details: `Into a folder or container that is there; else under the target's own name. What is there already with the
same bytes is not sent again, and everything is compared by MD5. A copy that was ended, by whatever, goes
on where it was when the same command is given again.`,
  options: {
    recursive: { type: 'boolean', short: 'r', help: 'folders and containers with all that is in them' },
    'no-clobber': { type: 'boolean', short: 'n', help: 'leave what is there as it is' },
    force: { type: 'boolean', short: 'f', help: 'replace what is there (as without it, for those used to it)' },
    preserve: { type: 'boolean', short: 'p', help: 'keep dates: as the property content-date, and of files' },
    parallel: { type: 'string', value: 'N', help: `connections at a time (${PARALLEL})` },
    via: { type: 'string', oneOf: ['auto', 'store'], help: 'store: small files straight to the store, too, by signed URLs' },
    verbose: { type: 'boolean', short: 'v', help: 'say what becomes of each file' },
  },
  examples: [
    ['vopipe cp m31.fits vos:/survey/', 'a file into a container'],
    ['vopipe cp -r images vos:/survey', 'a folder with all that is in it'],
    ['vopipe cp -r vos:/survey/images .', 'and back'],
    ['vopipe cp vos:/survey/stars.csv - | head', 'to standard output'],
    ['vopipe cp -r vos:/survey vos://archive.example~vospace/mirror', 'between two VOSpaces, whose services carry the bytes'],
  ],
  async run(context, { args, options }): Promise<Exit | undefined> {
    const { terminal, spaces, signal, quiet } = context;
    const { recursive, 'no-clobber': keeps, force, preserve, verbose } = options;
    if (keeps && force) throw new UsageTrouble('cp: --no-clobber and --force exclude each other', 'cp');
    const parallel = readCount('cp', 'parallel', options.parallel, 1, PARALLEL_MOST) ?? PARALLEL;
    const target = await endOf(readOne(args.at(-1) ?? ''), spaces, signal);
    const sources: End[] = [];
    const absent: (readonly [text: string, thrown: unknown])[] = [];
    for (const text of args.slice(0, -1)) {
      try {
        for (const one of await expand(context, text)) {
          const end = await endOf(one, spaces, signal);
          sources.push(end.at === 'stream' ? end : present(end));
        }
      } catch (thrown) {
        // Of several the others are copied.
        if (args.length === 2 || signal.aborted || explain(thrown).exit !== EXIT.notFound) throw thrown;
        absent.push([text, thrown]);
      }
    }
    const [missing] = absent;
    if (missing && sources.length === 0) throw missing[1];
    const [first] = sources;
    const several = sources.length + absent.length > 1;
    if (target.at === 'stream') {
      if (several || first?.at !== 'space') throw new UsageTrouble('cp: one node goes to standard output', 'cp');
      await writeOutput(present(first).space, first.where, (bytes) => terminal.bytes(bytes), signal);
      return undefined;
    }
    if (target.at === 'here' && target.special) {
      if (several || first?.at !== 'space') throw new UsageTrouble(`cp: one node goes to ${target.text}`, 'cp');
      const file = await open(target.path, 'w');
      try {
        await writeOutput(present(first).space, first.where, (bytes) => file.writeFile(bytes), signal);
      } finally {
        await file.close();
      }
      return undefined;
    }
    if (first?.at === 'stream') {
      if (several || target.at !== 'space' || target.kind === 'folder') throw new UsageTrouble('cp: standard input goes to one node', 'cp');
    }
    const all = sources.map((source) => {
      if (source.at === 'stream') return { ...source, name: '', kind: 'file' as const };
      const found = present(source);
      if (found.kind === 'folder' && !recursive)
        throw new Trouble(`${found.text} is a ${found.at === 'here' ? 'folder' : 'container'}`, {
          exit: EXIT.usage,
          advice: 'cp -r copies it with all that is in it.',
        });
      return found;
    });
    return runCopies(
      context,
      {
        names: ['cp', ...sources.map(keyOf), '', keyOf(target)],
        mode: { keeps, dates: preserve, same: 'md5', toStore: options.via === 'store' },
        parallel,
        verbose: verbose && !quiet,
        tells: args.length > 2 || all.length > 1 || all.some(({ kind }) => kind === 'folder') || terminal.watched,
      },
      async (copying) => {
        if (terminal.watched)
          void estimate(
            all.flatMap((source) => (source.at === 'stream' ? [] : [source])),
            filterOf([], []),
            copying,
          );
        const known = copying.journal.plan;
        const names = known?.length === all.length ? known.map((name) => name ?? undefined) : planNames(all, target, { several });
        for (const [text, thrown] of absent) copying.report.failed(text, thrown);
        // When it is repeated, the target is there.
        const isFirst = target.kind === 'none' && !known && all[0]?.kind === 'folder';
        if (isFirst) copying.journal.planned(names.map((name) => name ?? null));
        try {
          for (const [i, source] of all.entries()) await copyTo(source, placeOf(target, names[i]), copying);
        } finally {
          if (isFirst && copying.report.isUntouched) copying.journal.unplanned();
        }
      },
    );

    async function copyTo(source: (typeof all)[number], place: Place, copying: Copying): Promise<void> {
      const isPipe = source.at === 'here' && source.special;
      if (source.at !== 'stream' && !isPipe) return copyOne(source, place, copying);
      if (place.at === 'here') throw new UsageTrouble('cp: neither of the two is a node of a VOSpace', 'cp');
      return uploadInput(isPipe ? openSpecial(source.path) : terminal.input, place, copying);
    }
  },
});

function readOne(text: string): Target {
  return /^vos:/i.test(text) ? readSingle('cp', text) : readTarget(text);
}
