// Makes a flow as it is declared, one change after the other; killed anywhere, the next time goes on where this one was.
import { randomUUID } from 'node:crypto';
import { VospaceError } from '../../client/error.ts';
import { namesOf, readPlace } from '../../client/place.ts';
import { pipes, type Pipe } from '../../client/pipes.ts';
import { EXIT } from '../exit.ts';
import { counted } from '../nodes/amounts.ts';
import { makeWithParents } from '../nodes/make-container.ts';
import { Trouble } from '../trouble.ts';
import type { Change, Found } from './difference.ts';
import type { PipeRecord } from './record.ts';
import { amendRecord, isGone, spaceOfRecord, type Site } from './site.ts';

export interface Applying {
  readonly signal: AbortSignal;
  /** Pipes go also when not all of their chunks have been worked on; with what they have delivered. */
  readonly force: boolean;
  readonly purge?: boolean;
  readonly done?: (change: Change) => Promise<void>;
  /** Containers that stay. */
  readonly kept?: (uri: string, why: string) => void;
}

/** Before anything is done: throws Trouble that names the first pipe which one may not remove, or else each whose chunks are not done. */
export async function checkGoing(
  site: Site,
  found: Found,
  changes: readonly Change[],
  { signal, force }: Pick<Applying, 'signal' | 'force'>,
): Promise<void> {
  const lines: string[] = [];
  for (const { kind, name } of changes) {
    const { record, pipe } = found.pipes.get(name) ?? {};
    if (kind !== 'destroy' || !record || !pipe) continue;
    const coming = pipe.lag?.chunks ?? 0;
    const undone = Math.max(0, ...(pipe.groups ?? []).map(({ lag }) => lag.chunks));
    if (coming > 0 && !force) lines.push(`pipe ${name}: ${counted(coming, 'chunk')} not delivered`);
    if (undone > 0 && !force) lines.push(`pipe ${name}: ${counted(undone, 'chunk')} not acknowledged by all groups`);
    try {
      // Changes nothing, and wants the same right.
      await (await pipeOfRecord(site, record)).change({ signal });
    } catch (thrown) {
      if (isGone(thrown)) continue;
      if (!(thrown instanceof VospaceError) || thrown.fault !== 'PermissionDenied') throw thrown;
      throw new Trouble(`pipe ${name}: ${thrown.detail}`, { exit: EXIT.denied, advice: 'Nothing has been changed.' });
    }
  }
  if (lines.length > 0)
    throw new Trouble(lines.join('\n'), { exit: EXIT.conflict, advice: 'Nothing has been changed. --force destroys them all the same.' });
}

/** Throws what the services refuse: what was done until then is done. Others may do the same at the same time. */
export async function apply(site: Site, changes: readonly Change[], applying: Applying): Promise<void> {
  if (changes.some(({ kind }) => kind === 'create' || kind === 'use')) {
    const { space, uri } = site.home;
    await makeWithParents(space, namesOf(uri), applying.signal);
  }
  for (const change of changes) {
    await applyOne(site, change, applying);
    await applying.done?.(change);
  }
}

async function applyOne(site: Site, change: Change, applying: Applying): Promise<void> {
  const { signal } = applying;
  const { name } = change;
  switch (change.kind) {
    case 'create':
      return make(site, change, { ...(await wanted(site, change, signal)), key: change.key ?? randomUUID() }, signal);
    case 'use':
      return make(site, change, { ...(await wanted(site, change, signal)), key: '', id: change.id, used: true }, signal);
    case 'change':
      await (await pipeOfRecord(site, change.record)).change({ options: change.options, access: change.access, signal });
      return;
    case 'group': {
      const { group, wish, isThere } = change;
      const known = await amendRecord(site, name, (record) => (record && !isThere ? withGroup(record, group) : record), signal);
      if (known) await (await pipeOfRecord(site, known)).group(group).create({ ...wish, signal });
      return;
    }
    case 'ungroup':
      await dropGroup(site, change.record, change.group, signal);
      await amendRecord(site, name, (record) => record && withoutGroup(record, change.group), signal);
      return;
    case 'destroy':
    case 'forget': {
      const { record } = change;
      if (change.kind === 'destroy') await destroy(site, name, record, applying);
      else for (const group of record.groups ?? []) await dropGroup(site, record, group, signal);
      // Another pipe may have been made for it by this time, by somebody who does the same.
      await amendRecord(site, name, (found) => (found && isSameRecord(found, record) ? undefined : found), signal);
      return;
    }
    default:
  }
}

async function wanted(site: Site, { name, pipe }: Extract<Change, { kind: 'create' | 'use' }>, signal: AbortSignal) {
  return { at: await authorityOf(site, name, signal), src: pipe.src, dest: pipe.dest };
}

/** First the record says that it is meant to be, and under which key: so whoever repeats it, or does it at the same time, makes the same pipe. */
async function make(site: Site, change: Extract<Change, { kind: 'create' | 'use' }>, wish: PipeRecord, signal: AbortSignal): Promise<void> {
  const { name, instead } = change;
  const isIt = (found: PipeRecord): boolean =>
    found.at === wish.at && found.src === wish.src && found.dest === wish.dest && !(instead && isSameRecord(found, instead));
  const stands = await amendRecord(site, name, (found) => (found && isIt(found) ? found : wish), signal);
  if (!stands || stands.id !== undefined) return;
  const { id } = await create(site, change, stands, signal);
  const kept = await amendRecord(
    site,
    name,
    (found) => (!found || isSameRecord(found, stands) ? { ...(found ?? stands), id } : found),
    signal,
  );
  if (kept?.id !== id)
    throw new Trouble(`pipe ${name}: somebody else has changed the flow meanwhile`, {
      exit: EXIT.conflict,
      advice: 'vopipe flow up shows what is left to be done.',
    });
}

function withGroup(record: PipeRecord, group: string): PipeRecord {
  return { ...record, groups: [...new Set([...(record.groups ?? []), group])] };
}

function withoutGroup(record: PipeRecord, group: string): PipeRecord {
  return { ...record, groups: record.groups?.filter((one) => one !== group) ?? [] };
}

/** Two records of one pipe. */
function isSameRecord(one: PipeRecord, other: PipeRecord): boolean {
  return one.key === other.key && (one.key !== '' || one.id === other.id);
}

async function create(
  site: Site,
  { name, pipe }: Extract<Change, { kind: 'create' | 'use' }>,
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
  return pipes(await spaceOfRecord(site, record)).open(record.id ?? '');
}

async function authorityOf(site: Site, name: string, signal: AbortSignal): Promise<string> {
  const space = site.ends.get(name)?.space;
  return space ? space.authority({ signal }) : (readPlace(site.home.uri).authority ?? '');
}
