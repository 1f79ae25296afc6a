// Makes a flow as it is declared, one change after the other; killed anywhere, the next time goes on where this one was.
import { randomUUID } from 'node:crypto';
import { VospaceError } from '../../client/error.ts';
import { readPlace } from '../../client/place.ts';
import { pipes, type Pipe } from '../../client/pipes.ts';
import { EXIT } from '../exit.ts';
import { Trouble } from '../trouble.ts';
import type { Change } from './difference.ts';
import { formatRecord, recordUri, type PipeRecord } from './record.ts';
import { findRecords, isGone, spaceOfRecord, type Site } from './site.ts';

export interface Applying {
  readonly signal: AbortSignal;
  /** Pipes go also when not all of their chunks have been worked on; with what they have delivered. */
  readonly force: boolean;
  readonly purge?: boolean;
  readonly done: (change: Change) => void;
  /** Containers that stay. */
  readonly kept?: (uri: string, why: string) => void;
}

/** Throws what the services refuse: what was done until then is done. */
export async function apply(site: Site, changes: readonly Change[], applying: Applying): Promise<void> {
  const records = await findRecords(site, applying.signal);
  if (changes.some(({ kind }) => kind === 'create' || kind === 'use')) await makeHome(site, applying.signal);
  for (const change of changes) {
    await applyOne(site, change, records, applying);
    applying.done(change);
  }
}

async function applyOne(site: Site, change: Change, records: Map<string, PipeRecord>, applying: Applying): Promise<void> {
  const { signal } = applying;
  const { name } = change;
  const note = async (record: PipeRecord | undefined): Promise<void> => {
    await keep(site, name, record, signal);
    if (record) records.set(name, record);
    else records.delete(name);
  };
  const known = records.get(name);
  switch (change.kind) {
    case 'create': {
      const record = {
        at: await authorityOf(site, name, signal),
        src: change.pipe.src,
        dest: change.pipe.dest,
        key: change.key ?? randomUUID(),
      };
      // First that it is meant to be, and under which key: so a repeat finds it.
      await note(record);
      const pipe = await create(site, change, record, signal);
      return note({ ...record, id: pipe.id });
    }
    case 'use': {
      const { src, dest } = change.pipe;
      return note({ at: await authorityOf(site, name, signal), src, dest, key: '', id: change.id, used: true });
    }
    case 'change':
      await (await pipeOfRecord(site, change.record)).change({ options: change.options, access: change.access, signal });
      return;
    case 'group': {
      if (!known) return;
      if (!change.isThere) await note({ ...known, groups: [...new Set([...(known.groups ?? []), change.group])] });
      await (await pipeOfRecord(site, known)).group(change.group).create({ ...change.wish, signal });
      return;
    }
    case 'ungroup':
      await dropGroup(site, change.record, change.group, signal);
      return known && note({ ...known, groups: known.groups?.filter((group) => group !== change.group) ?? [] });
    case 'destroy':
      await destroy(site, name, change.record, applying);
      return note(undefined);
    case 'forget':
      for (const group of change.record.groups ?? []) await dropGroup(site, change.record, group, signal);
      return note(undefined);
    default:
  }
}

async function create(
  site: Site,
  { name, pipe }: Extract<Change, { kind: 'create' }>,
  record: PipeRecord,
  signal: AbortSignal,
): Promise<Pipe> {
  const { space, credentials = [] } = site.ends.get(name) ?? {};
  if (!space) throw new Error(`no ends for ${name}`);
  const { src, dest, options, access } = pipe;
  return pipes(space).create({
    src,
    dest,
    options,
    access,
    ...(credentials.length > 0 && { credentials }),
    key: `flow-${record.key}`,
    signal,
  });
}

async function destroy(site: Site, name: string, record: PipeRecord, { signal, force, purge = false, kept }: Applying): Promise<void> {
  try {
    const left = await (await pipeOfRecord(site, record)).destroy({ force, purge, signal });
    for (const { uri, why } of left) kept?.(uri, why);
  } catch (thrown) {
    if (thrown instanceof VospaceError && thrown.fault === 'PipeNotDrained')
      throw new Trouble(`pipe ${name}: ${thrown.detail}`, { exit: EXIT.conflict, advice: '--force destroys it all the same.' });
    if (!isGone(thrown)) throw thrown;
  }
}

async function dropGroup(site: Site, record: PipeRecord, group: string, signal: AbortSignal): Promise<void> {
  try {
    await (await pipeOfRecord(site, record)).group(group).delete({ signal });
  } catch (thrown) {
    if (!isGone(thrown)) throw thrown;
  }
}

async function pipeOfRecord(site: Site, record: PipeRecord): Promise<Pipe> {
  return pipes(await spaceOfRecord(site.spaces, record)).open(record.id ?? '');
}

async function authorityOf(site: Site, name: string, signal: AbortSignal): Promise<string> {
  const space = site.ends.get(name)?.space;
  return space ? space.authority({ signal }) : (readPlace(site.home.uri).authority ?? '');
}

/** The record of a pipe; undefined: there is none any more. */
async function keep({ home, flow }: Site, name: string, record: PipeRecord | undefined, signal: AbortSignal): Promise<void> {
  const properties = { [recordUri(flow.name, name)]: record ? formatRecord(record) : null };
  await home.space.nodes.set(home.uri, { properties, type: 'ContainerNode' }, { signal });
}

/** With what is missing above it. */
async function makeHome({ home }: Site, signal: AbortSignal): Promise<void> {
  const { authority = '', path } = readPlace(home.uri);
  const names = path.split('/').slice(1);
  const make = async (count: number): Promise<void> => {
    try {
      await home.space.nodes.create(`vos://${authority}/${names.slice(0, count).join('/')}`, { type: 'ContainerNode' }, { signal });
    } catch (thrown) {
      if (!(thrown instanceof VospaceError)) throw thrown;
      if (thrown.fault === 'DuplicateNode') return;
      if (!['ContainerNotFound', 'NodeNotFound'].includes(thrown.fault) || count <= 1) throw thrown;
      await make(count - 1);
      await make(count);
    }
  };
  await make(names.length);
}
