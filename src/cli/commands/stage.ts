// `vopipe stage`: runs a program for each chunk of a pipe, and writes what it makes into another.
import { readCount, readGroup, readSeconds } from '../arguments.ts';
import { define } from '../command.ts';
import { EXIT } from '../exit.ts';
import { given } from '../given.ts';
import { findPipe, PIPE_HELP } from '../pipe/reference.ts';
import { destinationOf } from '../stage/destination.ts';
import { pipes } from '../../client/pipes.ts';
import { ensureGroup, groupNameOf } from '../stage/group.ts';
import { checkTemplate } from '../stage/names.ts';
import { programWork } from '../stage/program-work.ts';
import { endingNote, isPartly, reportOn, summaryOf } from '../stage/report.ts';
import { runStage } from '../stage/run.ts';
import { UsageTrouble } from '../trouble.ts';

export const command = define({
  usage: ['IN [OUT] -- PROGRAM [ARGUMENT]...'],
  takes: [1, Infinity],
  details: `Reads IN as a member of a group, so that any number of stages, on any number of computers, share its chunks.

{} among the words of the program is the chunk as a file; without it the program reads its standard input.
{out} is where it makes its output, a file or a directory of files; without it its standard output is the
output. Outputs are put into OUT and the chunk is acknowledged, both or neither: a stage that is killed anywhere
neither loses nor repeats a result, if OUT is in the same VOSpace as IN. Without OUT, a chunk is acknowledged
when the program has ended well.

A program that fails is tried again after growing pauses; then the chunk is
dead for the group: vopipe pipe dead shows it with what the program said last.

The program also finds VOPIPE_CHUNK (its number), VOPIPE_NAME, VOPIPE_SIZE, VOPIPE_MD5, VOPIPE_TYPE, VOPIPE_IN,
VOPIPE_OUT, VOPIPE_PIPE, VOPIPE_GROUP and VOPIPE_ATTEMPT (from 1) in its environment.

The first Ctrl-C lets programs that run come to their end (--grace), the second does not.

${PIPE_HELP}`,
  options: {
    group: {
      type: 'string',
      short: 'g',
      value: 'NAME',
      help: 'the group, made where it is missing; default from the program or script, and OUT',
    },
    start: { type: 'string', value: 'STATE', help: 'where a group begins that is made: earliest (default), now, or a state' },
    parallel: { type: 'string', short: 'p', value: 'N', help: 'chunks worked on at a time; default 1' },
    name: {
      type: 'string',
      value: 'TEMPLATE',
      help: 'names of outputs: {name} (default), {stem}, {base}, {ext}, {dir}, {seq}, {group}, {file}',
    },
    type: { type: 'string', value: 'MEDIA/TYPE', help: 'media type of the outputs' },
    stdout: { type: 'boolean', help: 'standard output is the output, although {out} is among the words' },
    inline: { type: 'boolean', help: 'outputs of up to 16 KiB travel with the call: quicker, but they become no nodes' },
    attempts: { type: 'string', value: 'N', help: 'how often a chunk is tried before it is dead; 0: for ever (default 5)' },
    lease: { type: 'string', value: 'TIME', help: 'after a kill a chunk is given to others after so long (default 30s)' },
    timeout: { type: 'string', value: 'TIME', help: 'a program that takes longer has failed' },
    until: { type: 'string', oneOf: ['closed', 'tail'], help: 'ends when IN is closed (default), or when all that is there has been done' },
    once: { type: 'boolean', help: 'ends when nothing is to be had, also where something is to be tried again' },
    close: { type: 'boolean', help: 'closes OUT when IN is closed and every group that writes into OUT has done everything' },
    grace: { type: 'string', value: 'TIME', help: 'what running programs have to end after Ctrl-C; default 10s' },
    work: { type: 'string', value: 'DIR', help: 'where temporary files go' },
    verbose: { type: 'boolean', short: 'v', help: 'show what the programs say' },
  },
  examples: [
    ['vopipe stage vos:/ada/in vos:/ada/made -- gzip -c', 'compresses each chunk: a filter from standard input to standard output'],
    ['vopipe stage vos:/ada/in vos:/ada/made -p 4 --name {stem}.csv -- python3 to_csv.py {} {out}', 'four at a time, by files'],
    ['vopipe stage vos:/ada/in -g check --until tail -- fitsverify -q {}', 'has a look at each file that is there, and makes nothing'],
  ],
  async run(context, { args, rest, options }) {
    const { terminal, spaces, signal, json, environment } = context;
    const ends = args.slice(0, args.length - (rest?.length ?? 0));
    const [from, to, more] = ends;
    if (rest === undefined || rest.length === 0)
      throw new UsageTrouble('stage: the program is missing: it comes after -- , as in vopipe stage IN OUT -- gzip -c', 'stage');
    if (from === undefined || more !== undefined) throw new UsageTrouble('stage: IN, and perhaps OUT, come before --', 'stage');
    const makes = [options.close, options.inline, options.stdout, options.name !== undefined, options.type !== undefined];
    if (to === undefined && (makes.includes(true) || rest.some((word) => word.includes('{out}'))))
      throw new UsageTrouble('stage: {out}, --close, --inline, --stdout, --name and --type are for a stage with an OUT', 'stage');
    const count = (key: string, text: string | undefined, least: number, most: number) => readCount('stage', key, text, least, most);
    const [parallel, attempts, lease, timeout, grace] = [
      count('parallel', options.parallel, 1, 1000) ?? 1,
      count('attempts', options.attempts, 0, 1000),
      readSeconds('stage', 'lease', options.lease, 1, 43_200),
      readSeconds('stage', 'timeout', options.timeout, 1, 86_400 * 7),
      readSeconds('stage', 'grace', options.grace, 0, 86_400),
    ];
    if (options.group !== undefined) readGroup('stage', options.group);
    const template = checkTemplate('stage', options.name ?? '{name}');

    const input = await findPipe('stage', spaces, from, 'dest', signal);
    const output = to === undefined ? undefined : await findPipe('stage', spaces, to, 'src', signal);
    const destination = output && (await destinationOf(spaces, input, output, { inline: options.inline, signal }));
    const group = options.group ?? groupNameOf(rest, output?.pipe.id);
    const wish = given({ maxDeliveries: attempts, lease, start: options.start });
    const stood = await ensureGroup(input.pipe, group, wish, signal);
    const report = reportOn(terminal, input.pipe, group, json);
    const ending = (): void => report.note(endingNote(grace));
    signal.addEventListener('abort', ending, { once: true });
    const work = programWork({
      words: rest,
      environment,
      name: template,
      stdout: options.stdout || (destination !== undefined && !rest.some((word) => word.includes('{out}'))),
      ...(options.type !== undefined && { type: options.type }),
      ...(timeout !== undefined && { timeout }),
      ...(options.verbose && { said: (task, text) => report.said(task.chunk.seq, text) }),
    });
    try {
      const tally = await runStage({
        input: input.pipe,
        group,
        stood,
        work,
        to: destination,
        parallel,
        lease: stood.lease,
        until: options.once ? 'once' : options.until === 'tail' ? 'tail' : 'closed',
        scratch: options.work,
        signal,
        tell: report.tell,
        ...(grace !== undefined && { grace }),
        ...(options.close && output && { closes: () => feedersOf(output, signal) }),
      });
      report.end();
      if (json) await terminal.json({ kind: 'end', ...tally });
      else terminal.say(summaryOf(tally));
      if (tally.ended === 'stopped') return EXIT.interrupted;
      return isPartly(tally) ? EXIT.partly : EXIT.done;
    } finally {
      signal.removeEventListener('abort', ending);
      report.end();
    }

    /** The other groups that are known to write there. */
    async function feedersOf(found: NonNullable<typeof output>, asking: AbortSignal) {
      const { consumes = [] } = await found.pipe.describe({ signal: asking });
      return consumes.map((one) => ({ pipe: pipes(found.space).open(one.pipe), group: one.group }));
    }
  },
});
