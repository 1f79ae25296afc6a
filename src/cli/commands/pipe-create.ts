// `vopipe pipe create`: a pipe from one container to another.
import { pipes } from '../../client/pipes.ts';
import { readGroup } from '../arguments.ts';
import { define } from '../command.ts';
import { readSingle } from '../glob.ts';
import { endAt, endsOf } from '../pipe/ends.ts';
import { PIPE_OPTIONS, pipeOptions } from '../pipe/options.ts';

export const command = define({
  usage: ['SRC DEST'],
  takes: [2, 2],
  details: `Containers that are missing are made. One of them may be in another VOSpace: the pipe is given the credentials
that the configuration has for it, keeps them encrypted, and shows them to nobody. Prints the pipe's id.`,
  options: {
    ...PIPE_OPTIONS,
    group: { type: 'string', short: 'g', multiple: true, value: 'NAME', help: 'a group of readers who share the work' },
    read: { type: 'string', multiple: true, value: 'IVOID', help: 'whose members may read: ivo://example.org~vospace/gms?team' },
    write: { type: 'string', multiple: true, value: 'IVOID', help: 'whose members may write' },
    manage: { type: 'string', multiple: true, value: 'IVOID', help: 'whose members may do both, and change and destroy it' },
    at: { type: 'string', oneOf: ['src', 'dest'], help: "whose service has the pipe, where there are two; default DEST's, which fetches" },
    'src-endpoint': { type: 'string', value: 'URL', help: 'of a VOSpace that the service does not know; without credentials' },
    'dest-endpoint': { type: 'string', value: 'URL', help: 'the same for DEST' },
  },
  examples: [
    ['vopipe pipe create vos:/ada/out vos:/ada/in', 'within one VOSpace: no bytes are moved'],
    [
      'vopipe pipe create vos://far.example~vospace/public vos:/ada/copies --retain acked -g check',
      'from another one, for a group of readers',
    ],
  ],
  async run(context, { args, options }) {
    const { spaces, signal, terminal, json } = context;
    const settings = pipeOptions('pipe create', options);
    for (const group of options.group) readGroup('pipe create', group);
    const end = (text = '') => endAt(spaces, readSingle('pipe create', text), signal);
    const [src, dest] = [await end(args[0]), await end(args[1])];
    const ends = await endsOf(spaces, src, dest, options.at as 'src' | 'dest' | undefined);
    const { read, write, manage } = options;
    const [srcEndpoint, destEndpoint] = [options['src-endpoint'], options['dest-endpoint']];
    const pipe = await pipes(ends.space).create({
      src: ends.src,
      dest: ends.dest,
      options: settings,
      access: { read, write, manage },
      ...(srcEndpoint !== undefined && { srcEndpoint }),
      ...(destEndpoint !== undefined && { destEndpoint }),
      ...(srcEndpoint === undefined && destEndpoint === undefined && ends.credentials.length > 0 && { credentials: ends.credentials }),
      signal,
    });
    for (const group of options.group) await pipe.group(group).create({ signal });
    if (json) await terminal.json(await pipe.describe({ signal }));
    else await terminal.out(`${pipe.id}\n`);
  },
});
