// Where a flow is: its containers and pipes in the VOSpaces that they are in, and what is there of them.
import { VospaceError } from '../../client/error.ts';
import { pipes, type PipeDocument } from '../../client/pipes.ts';
import type { NodeDocument } from '../../model/node.ts';
import type { Properties } from '../../client/nodes.ts';
import type { Vospace } from '../../client/vospace.ts';
import { isSameAuthority } from '../account/known.ts';
import { changeNode } from '../nodes/change.ts';
import { endAt, endsOf, type End, type Ends } from '../pipe/ends.ts';
import type { Spaces } from '../spaces.ts';
import { readNode } from '../target.ts';
import { readText } from '../text-file.ts';
import { declareFlow } from './declare.ts';
import type { Declared, Found, FoundPipe } from './difference.ts';
import { containerOf, type Flow } from './model.ts';
import { readTree } from './read.ts';
import { formatRecord, recordsIn, recordUri, type PipeRecord } from './record.ts';

export interface Site {
  readonly flow: Flow;
  readonly spaces: Spaces;
  readonly home: End;
  /** By the names of pipes. */
  readonly declared: readonly Declared[];
  readonly ends: ReadonlyMap<string, Ends>;
  /** URIs, by the names of containers. */
  readonly containers: ReadonlyMap<string, string>;
}

/** Throws FlowTrouble, and what the file system says. */
export function readFlow(file: string): Flow {
  return declareFlow(file, readTree(file, readText(file)));
}

/** Throws Trouble for a VOSpace that the configuration does not know. Asks services for nothing but their names. */
export async function siteOf(flow: Flow, spaces: Spaces, signal: AbortSignal): Promise<Site> {
  const locate = (text: string): Promise<End> => endAt(spaces, readNode('flow', text), signal);
  const ends = new Map<string, Ends>();
  const declared: Declared[] = [];
  const containers = new Map<string, string>();
  for (const pipe of flow.pipes) {
    const [src, dest] = [await locate(containerOf(flow, pipe.from).at), await locate(containerOf(flow, pipe.to).at)];
    containers.set(pipe.from, src.uri).set(pipe.to, dest.uri);
    ends.set(pipe.name, await endsOf(spaces, src, dest, pipe.home));
    declared.push({ ...pipe, src: src.uri, dest: dest.uri });
  }
  return { flow, spaces, home: await locate(flow.home), declared, ends, containers };
}

export async function findRecords({ flow, home }: Pick<Site, 'flow' | 'home'>, signal: AbortSignal): Promise<Map<string, PipeRecord>> {
  try {
    const { node } = await home.space.nodes.get(home.uri, { limit: 0, detail: 'properties', signal });
    return recordsIn(flow.name, node.properties);
  } catch (thrown) {
    if (isGone(thrown)) return new Map();
    throw thrown;
  }
}

/** Changes the record of one pipe, whoever else changes what the flow keeps at the same time; `amend` may be asked again. Resolves to what it is then. */
export async function amendRecord(
  { flow, home }: Pick<Site, 'flow' | 'home'>,
  name: string,
  amend: (record: PipeRecord | undefined) => PipeRecord | undefined,
  signal: AbortSignal,
): Promise<PipeRecord | undefined> {
  const recordOf = ({ properties }: NodeDocument): PipeRecord | undefined => recordsIn(flow.name, properties).get(name);
  const decide = (node: NodeDocument): Properties | undefined => {
    const before = recordOf(node);
    const after = amend(before);
    const [was, is] = [before, after].map((record) => (record ? formatRecord(record) : null));
    return was === is ? undefined : { [recordUri(flow.name, name)]: is ?? null };
  };
  return recordOf(await changeNode(home.space, home.uri, decide, { signal }));
}

/** As whoever one is at the flow's home, where it is of the same VOSpace. Throws Trouble for a pipe in one that is not known here. */
export async function spaceOfRecord({ spaces, home }: Pick<Site, 'spaces' | 'home'>, { at }: PipeRecord): Promise<Vospace> {
  return isSameAuthority(await home.space.authority(), at) ? home.space : spaces.of({ authority: at });
}

/** What there is of a flow. */
export async function findFlow(site: Site, signal: AbortSignal): Promise<Found> {
  const records = await findRecords(site, signal);
  const found = new Map<string, FoundPipe>();
  for (const [name, record] of records) {
    const standing = record.id === undefined ? undefined : await describe(await spaceOfRecord(site, record), record.id, signal);
    found.set(name, { record, pipe: standing });
  }
  const own = new Set(Array.from(records.values(), ({ id }) => id));
  const others = new Map<string, PipeDocument>();
  for (const { name, src, dest } of site.declared) {
    const space = site.ends.get(name)?.space;
    if (!space || found.get(name)?.pipe) continue;
    const other = (await openBetween(space, src, dest, signal)).find(({ pipe }) => !own.has(pipe));
    const standing = other && (await describe(space, other.pipe, signal));
    if (standing) others.set(name, standing);
  }
  return { pipes: found, others };
}

async function openBetween(space: Vospace, src: string, dest: string, signal: AbortSignal): Promise<readonly PipeDocument[]> {
  const found: PipeDocument[] = [];
  try {
    for await (const pipe of pipes(space).list({ src, dest, signal }))
      if (['open', 'authRequired'].includes(pipe.condition)) found.push(pipe);
  } catch (thrown) {
    if (!isGone(thrown)) throw thrown;
  }
  return found;
}

async function describe(space: Vospace, id: string, signal: AbortSignal): Promise<PipeDocument | undefined> {
  try {
    const pipe = await pipes(space).describe(id, { signal });
    return pipe.condition === 'destroying' || pipe.condition === 'destroyed' ? undefined : pipe;
  } catch (thrown) {
    if (isGone(thrown)) return undefined;
    throw thrown;
  }
}

export function isGone(thrown: unknown): boolean {
  return thrown instanceof VospaceError && (thrown.status === 404 || thrown.status === 410);
}
