// WriteChunk's part in the Space of the source: the bytes that names have at this moment are found, and held for the pipe.
import type { FaultName } from '../../../faults.ts';
import { Fault } from '../../../faults.ts';
import { hasBytes, type NodeType } from '../../../model/node.ts';
import { allows, refusal } from '../../../model/permission.ts';
import type { Principal } from '../../../model/principal.ts';
import { TYPE } from '../../../model/property.ts';
import type { SpaceId } from '../../../model/space-id.ts';
import type { ObjectKey } from '../../../objects/port.ts';
import { all, first, run } from '../../sql.ts';
import { accessOf, meta, type Core } from '../core.ts';
import { find } from '../nodes/walk.ts';
import type { Call } from '../port.ts';
import { UPLOADS_OF, GET_CHILD } from '../queries.ts';
import { holdObjects } from '../relocation/holds.ts';
import { storeContainer } from '../uploads/uploads.ts';
import type { Pin, Pinning } from './port.ts';
import * as p from './queries.ts';

type Refused = Extract<Pin, { readonly kind: 'refused' }>;

/** To be called inside a transaction. Whatever it throws, it throws before it has written anything. */
export function pinChunks(core: Core, call: Call, pinning: Pinning, owner: Principal): readonly Pin[] {
  const { node, chain } = find(core, call);
  if (!allows(accessOf(core, node.access), call.principal, 'read')) throw refusal(call.principal, call.uri);
  if (!chain.every(({ access }) => allows(accessOf(core, access), owner, 'read')))
    throw new Fault('AuthRequired', `the pipe's owner may not read ${call.uri}`);
  if (node.type !== 'ContainerNode') throw new Fault('InvalidArgument', `${call.uri} is a ${node.type}`);
  const finder = new Finder(core, [call.principal, owner], node.id, pinning.settled === true);
  const pins: Pin[] = [];
  const objects = new Set<number>();
  const { brought } = pinning;
  const placed: (readonly [node: number, object: number])[] = [];
  for (const [folder, places] of Map.groupBy(pinning.paths.keys(), (place) => (pinning.paths[place] ?? []).slice(0, -1).join('/'))) {
    const found = finder.in(
      folder,
      places.map((place) => pinning.paths[place]?.at(-1) ?? ''),
    );
    for (const [i, { pin, node, object }] of found.entries()) {
      pins[places[i] ?? 0] = pin;
      if (pin.kind !== 'pinned' || node === undefined || object === undefined) continue;
      objects.add(object);
      if (brought && pin.key.startsWith(brought.keys)) placed.push([node, object]);
    }
  }
  if (objects.size > 0) holdObjects(core, pinning.holder, [...objects]);
  for (const [id, object] of placed) run(core.sql, p.NOTE_PLACED, id, brought?.pipe ?? '', object);
  return pins;
}

interface Found {
  readonly pin: Pin;
  readonly node?: number;
  /** What is to be held. */
  readonly object?: number;
}

class Finder {
  readonly #core: Core;
  /** All of them must be allowed to read. */
  readonly #readers: readonly Principal[];
  readonly #settled: boolean;
  /** Containers by their paths below the source. */
  readonly #folders = new Map<string, number | Refused>();

  constructor(core: Core, readers: readonly Principal[], top: number, settled: boolean) {
    this.#core = core;
    this.#readers = readers;
    this.#settled = settled;
    this.#folders.set('', top);
  }

  /** What these names have in one container, in their order. */
  in(folder: string, names: readonly string[]): readonly Found[] {
    const container = this.#folder(folder);
    if (typeof container === 'object') return names.map(() => ({ pin: container }));
    const rows = new Map(all(this.#core.sql, p.FIND_CHUNKS, JSON.stringify(names), container, TYPE).map((row) => [row.place, row]));
    return names.map((name, place) => {
      const row = rows.get(place);
      const path = folder === '' ? name : `${folder}/${name}`;
      return row ? this.#pin(row, path) : { pin: refused('ChunkNotFound', `there is no ${path} in the source container`) };
    });
  }

  #pin(row: p.FoundRow, path: string): Found {
    const unreadable = this.#unreadable(row.access, path);
    if (unreadable) return { pin: unreadable };
    if (!hasBytes(row.type as NodeType)) return { pin: refused('OperationNotSupported', `${path} is a ${row.type}, which has no bytes`) };
    const uploads = row.uploads > 0 && !this.#settled ? this.#uploads(row.id) : [];
    if (uploads.length > 0) return { pin: { kind: 'pending', uploads, container: storeContainer(this.#core) } };
    if (row.object === null || row.key === null)
      return { pin: refused(row.uploads > 0 ? 'NodeBusy' : 'ChunkNotFound', `${path}: no bytes have arrived yet`) };
    const { size, md5, media } = row;
    return {
      node: row.id,
      object: row.object,
      pin: {
        kind: 'pinned',
        home: (row.home ?? meta(this.#core, 'id') ?? '') as SpaceId,
        key: row.key as ObjectKey,
        size,
        ...(md5 !== null && { md5 }),
        ...(media !== null && { type: media }),
      },
    };
  }

  /** Those whose bytes may be in the store. What is streamed is committed by its own request, and parts are put together when their client says so. */
  #uploads(node: number): string[] {
    const open = all(this.#core.sql, UPLOADS_OF, node);
    return open.filter(({ sealed, part_size }) => sealed === 0 && part_size === null).map(({ id }) => id);
  }

  #folder(path: string): number | Refused {
    const known = this.#folders.get(path);
    if (known !== undefined) return known;
    const cut = path.lastIndexOf('/');
    const above = this.#folder(cut < 0 ? '' : path.slice(0, cut));
    const found = typeof above === 'object' ? above : this.#below(above, path, path.slice(cut + 1));
    this.#folders.set(path, found);
    return found;
  }

  #below(container: number, path: string, name: string): number | Refused {
    const row = first(this.#core.sql, GET_CHILD, container, name);
    if (row?.type === 'LinkNode') return refused('OperationNotSupported', `${path} is a link: a chunk's name does not lead over links`);
    if (row?.type !== 'ContainerNode') return refused('ChunkNotFound', `there is no container ${path} in the source container`);
    return this.#unreadable(row.access, path) ?? row.id;
  }

  #unreadable(access: number, path: string): Refused | undefined {
    const list = accessOf(this.#core, access);
    const denied = this.#readers.find((reader) => !allows(list, reader, 'read'));
    if (denied === undefined) return undefined;
    const who = denied === this.#readers[0] ? '' : ": the pipe's owner may not read it";
    return refused(refusal(denied, path).fault, path + who);
  }
}

function refused(fault: FaultName, detail: string): Refused {
  return { kind: 'refused', fault, detail };
}
