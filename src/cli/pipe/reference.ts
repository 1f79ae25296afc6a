// Which pipe is meant: by its id, its URL, or a container at one of its ends.
import type { Pipe } from '../../client/pipe.ts';
import { pipes } from '../../client/pipes.ts';
import { readPlace } from '../../client/place.ts';
import type { Vospace } from '../../client/vospace.ts';
import type { PipeDocument } from '../../model/json/pipe-answers.ts';
import { EXIT } from '../exit.ts';
import type { Spaces } from '../spaces.ts';
import { readTarget } from '../target.ts';
import { Trouble, UsageTrouble } from '../trouble.ts';

export interface FoundPipe {
  readonly pipe: Pipe;
  /** The VOSpace whose pipe it is. */
  readonly space: Vospace;
}

export const PIPE_HELP = `PIPE is its id or URL, or a container: the pipe that leads from it (to write) or to it (to read).
Of another VOSpace than the usual one it is vos://example.org~vospace#ID.`;

/** `end`: what a container stands for, the source where something is written, the destination where something is read. */
export async function findPipe(
  command: string,
  spaces: Spaces,
  text: string,
  end: 'src' | 'dest' | 'either',
  signal: AbortSignal,
): Promise<FoundPipe> {
  const [, authority, id] = /^vos:\/\/([^/#]+)\/?#([\w-]+)$/i.exec(text) ?? [];
  if (authority !== undefined && id !== undefined) return open(await spaces.of({ authority }), id);
  const [, base, last] = /^(https?:\/\/.*)\/pipes\/([^/?#]+)\/?$/i.exec(text) ?? [];
  if (base !== undefined && last !== undefined) return open(await spaces.at(base), last);
  if (/^[\w-]{8,}$/.test(text)) return open(await spaces.standard(), text);
  const target = readTarget(text);
  if (target.kind !== 'node')
    throw new UsageTrouble(
      `${command}: ${JSON.stringify(text)} is neither the id or URL of a pipe nor a container such as vos:/survey`,
      command,
    );
  const own = await spaces.of(target);
  const standard = await spaces.standard();
  const where = await own.session.uriOf(target.names, { signal });
  const found = new Map<string, PipeDocument>();
  let space = own;
  // A pipe between two VOSpaces is in the lists of one of them.
  for (space of own === standard ? [own] : [own, standard]) {
    for (const side of ['src', 'dest'] as const) {
      if (end !== 'either' && end !== side) continue;
      for await (const pipe of pipes(space).list({ [side]: where, signal })) found.set(pipe.pipe, pipe);
    }
    if (found.size > 0) break;
  }
  const [one, ...others] = [...found.values()].filter(({ condition }) => !['destroying', 'destroyed'].includes(condition));
  if (one && others.length === 0) return open(space, one.pipe);
  const leads = { src: 'leads from', dest: 'leads to', either: 'begins or ends in' }[end];
  if (!one)
    throw new Trouble(`no pipe that one may use ${leads} ${text}`, {
      exit: EXIT.notFound,
      advice: 'vopipe pipe ls lists the pipes; one of another VOSpace is vos://example.org~vospace#ID.',
    });
  const list = [one, ...others].map(({ pipe, src, dest }) => `  ${pipe}  ${src} to ${dest}`).join('\n');
  throw new Trouble(`${others.length + 1} pipes ${leads.replace('s ', ' ')} ${text}:\n${list}`, {
    exit: EXIT.usage,
    advice: 'Name one of them by its id.',
  });
}

function open(space: Vospace, id: string): FoundPipe {
  return { space, pipe: pipes(space).open(id) };
}

/** The VOSpace of a container that is written in a pipe's description. */
export function spaceOf(spaces: Spaces, uri: string): Promise<Vospace> {
  return spaces.of({ authority: readPlace(uri).authority });
}
