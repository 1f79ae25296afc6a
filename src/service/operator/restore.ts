// A backup, line by line, into an empty service. What stops it leaves a service that takes the same backup again.
import { asFault, Fault } from '../../faults.ts';
import type { NodeRecord } from '../../durable/space/operator/port.ts';
import type { DirectoryRecord } from '../../model/directory-record.ts';
import type { Principal } from '../../model/principal.ts';
import { ROOT, type SpaceId } from '../../model/space-id.ts';
import { readAdoptedKey } from '../../model/adopted.ts';
import { parseSegment } from '../../model/vos-uri.ts';
import { BACKUP_FORMAT, type BackupLine } from './backup.ts';
import { isDirectoryRecord, parseBackupLine } from './backup-line.ts';
import type { Services } from '../services.ts';

export interface RestoreReport {
  readonly backup: string;
  readonly time: string;
  readonly users: number;
  readonly spaces: number;
  readonly nodes: number;
  /** Nodes in containers that were removed while the backup was made. */
  readonly dropped: number;
  /** Spaces whose store container is empty although their nodes have bytes. */
  readonly withoutBytes: readonly string[];
  /** Adopted containers for which nothing can be signed: adopt them again. */
  readonly withoutKeys: readonly string[];
}

/** Records, and characters of lines, that go to an object in one call. */
const BATCH_RECORDS = 500;
const BATCH_CHARACTERS = 4_000_000;

/**
 * Throws Conflict when the service is not empty, InvalidArgument with the number of the line that is wrong. Until `confirmSweep` nothing
 * is removed from the store.
 */
export async function restore(services: Services, principal: Principal, lines: AsyncIterable<string>): Promise<RestoreReport> {
  const work = new Restore(services, principal);
  let number = 0;
  try {
    for await (const text of lines) {
      number += 1;
      if (text !== '') await work.take(parseBackupLine(text), text.length, number);
    }
    return work.report();
  } catch (error) {
    const fault = asFault(error);
    throw fault ? new Fault(fault.fault, `line ${number}: ${fault.detail}`) : error;
  }
}

interface OpenSpace {
  readonly id: SpaceId;
  readonly name: string;
  readonly container: string;
  readonly wanted: boolean;
  /** Whether the store container had been made. */
  readonly prepared: boolean;
  nodes: number;
  hasBytes: boolean;
}

class Restore {
  readonly #services: Services;
  readonly #principal: Principal;
  #header: Extract<BackupLine, { kind: 'backup' }> | undefined;
  #space: OpenSpace | undefined;
  #nodes: NodeRecord[] = [];
  #records: DirectoryRecord[] = [];
  #characters = 0;
  #ended = false;
  readonly #total = { users: 0, spaces: 0, nodes: 0, dropped: 0 };
  readonly #withoutBytes: string[] = [];
  readonly #withoutKeys: string[] = [];
  readonly #restored = new Set<SpaceId>();

  constructor(services: Services, principal: Principal) {
    this.#services = services;
    this.#principal = principal;
  }

  async take(line: BackupLine, characters: number, number: number): Promise<void> {
    if (this.#ended) throw invalid('follows the end of the backup');
    if (line.kind === 'backup') return this.#begin(line);
    if (!this.#header) throw invalid('the first line is not that of a backup');
    this.#characters += characters;
    if (isDirectoryRecord(line)) {
      if (line.kind === 'user') this.#total.users += 1;
      this.#records.push(line);
    } else if (line.kind === 'node') {
      if (!this.#space) throw invalid('a node outside of a Space');
      const { kind: _kind, path: _path, ...record } = line;
      const adopted = record.object && readAdoptedKey(record.object.key);
      if (adopted && adopted.space !== (record.object?.home ?? this.#space.id)) throw invalid('an object that another Space has adopted');
      if (record.object && record.object.home === undefined && !adopted) this.#space.hasBytes = true;
      this.#space.nodes += 1;
      this.#total.nodes += 1;
      if (this.#space.wanted) this.#nodes.push(record);
    } else {
      await this.#flush();
      if (line.kind === 'space') await this.#openSpace(line, this.#header.id);
      else if (line.kind === 'adoption') await this.#adopt(line);
      else if (line.kind === 'space-end') await this.#closeSpace(line);
      else await this.#end(line, number);
    }
    if (this.#records.length + this.#nodes.length >= BATCH_RECORDS || this.#characters > BATCH_CHARACTERS) await this.#flush();
  }

  report(): RestoreReport {
    if (!this.#header || !this.#ended) throw invalid('the backup ends here, without its last line: it is not whole');
    return {
      backup: this.#header.id,
      time: this.#header.time,
      ...this.#total,
      withoutBytes: this.#withoutBytes,
      withoutKeys: this.#withoutKeys,
    };
  }

  async #begin(line: Extract<BackupLine, { kind: 'backup' }>): Promise<void> {
    const { config, objects, directory, spaces } = this.#services;
    if (this.#header) throw invalid('a second beginning');
    if (line.format !== BACKUP_FORMAT) throw invalid(`format ${line.format} is not the one that this release reads (${BACKUP_FORMAT})`);
    if (line.authority !== config.authority)
      throw invalid(`the backup is one of vos://${line.authority}, this service is vos://${config.authority}`);
    if (line.store !== objects.kind) throw invalid(`the bytes are in a store of the kind ${line.store}, this service has ${objects.kind}`);
    const root = spaces.space(ROOT);
    const isRepeat = (await root.status())?.restoring === line.id;
    if (!isRepeat && !(await directory.isEmpty(config.admin?.user ?? '')))
      throw new Fault('Conflict', 'there are users or groups: a backup is restored into an empty service');
    const { wanted } = await root.importBegin(ROOT, '', line.id);
    if (!wanted) throw new Fault('Conflict', 'this backup has been restored already');
    this.#header = line;
  }

  async #openSpace({ id, name, container, epoch }: Extract<BackupLine, { kind: 'space' }>, backup: string): Promise<void> {
    if (this.#space) throw invalid('a Space inside a Space');
    if (container !== `vos-${id}`) throw invalid(`store container ${container} is not that of Space ${id}`);
    const { wanted } = await this.#services.spaces.space(id).importBegin(id, id === ROOT ? '' : name, backup);
    this.#space = { id, name, container, wanted, prepared: epoch > 0, nodes: 0, hasBytes: false };
  }

  /** A key of another master secret may be in its place: whoever adopts the container again says what is to become of it. */
  async #adopt({ container, space, owned }: Extract<BackupLine, { kind: 'adoption' }>): Promise<void> {
    const { foreign, keys, spaces } = this.#services;
    const root = spaces.space(ROOT);
    await root.registerAdoption(container, space, owned);
    const epoch = await keys.epoch();
    try {
      await foreign?.open({ name: container, epoch }, false);
      await root.adoptionPrepared(container, epoch);
    } catch (error) {
      const fault = asFault(error)?.fault;
      if (fault !== 'Conflict' && fault !== 'NotFound') throw error;
      this.#withoutKeys.push(container);
    }
  }

  async #closeSpace({ id, nodes }: Extract<BackupLine, { kind: 'space-end' }>): Promise<void> {
    const { objects, keys, spaces } = this.#services;
    const open = this.#space;
    if (open?.id !== id) throw invalid(`the end of Space ${id}, which has not begun`);
    if (open.nodes !== nodes) throw invalid(`${open.nodes} nodes of Space ${id}, which had ${nodes} when the backup was made`);
    this.#space = undefined;
    // The root's own end is that of the backup: until then the service counts as one that is being restored.
    if (id === ROOT) return;
    const space = spaces.space(id);
    const { state, dropped } = await space.importEnd();
    this.#restored.add(id);
    this.#total.dropped += dropped;
    if (open.prepared || open.hasBytes) {
      // The master secret may be another one: the container gets the keys that are made of it.
      const container = { name: open.container, epoch: await keys.epoch() };
      await objects.prepare(container);
      await space.prepared(container.epoch);
      if (open.hasBytes && (await objects.list(container, '')).objects.length === 0) this.#withoutBytes.push(open.name);
    }
    const { space: root, call } = spaces.root([parseSegment(encodeURIComponent(open.name))], this.#principal);
    await root.attach(call, id, state, this.#header?.id);
    await space.attached();
    this.#total.spaces += 1;
  }

  async #end(line: Extract<BackupLine, { kind: 'end' }>, number: number): Promise<void> {
    if (this.#space) throw invalid(`Space ${this.#space.id} has no end`);
    if (line.lines !== number) throw invalid(`the backup had ${line.lines} lines when it was made`);
    await this.#reclaim();
    await this.#services.spaces.space(ROOT).importEnd();
    this.#ended = true;
  }

  /** Bytes that lie in another Space than the nodes that refer to them are held there again, also in a Space that has no name any more. */
  async #reclaim(): Promise<void> {
    const { keys, objects, spaces } = this.#services;
    const homes = new Set<SpaceId>();
    for (const id of this.#restored) for (const home of await spaces.space(id).reclaim()) homes.add(home);
    for (const home of homes) {
      if (this.#restored.has(home)) continue;
      const container = { name: `vos-${home}`, epoch: await keys.epoch() };
      await objects.prepare(container);
      await spaces.space(home).prepared(container.epoch);
      await spaces.space(ROOT).noteGhost(home, true);
    }
  }

  async #flush(): Promise<void> {
    const [records, nodes] = [this.#records, this.#nodes];
    this.#records = [];
    this.#nodes = [];
    this.#characters = 0;
    if (records.length > 0) await this.#services.directory.importRecords(records);
    if (nodes.length > 0 && this.#space) await this.#services.spaces.space(this.#space.id).importNodes(nodes);
  }
}

function invalid(detail: string): Fault {
  return new Fault('InvalidArgument', detail);
}
