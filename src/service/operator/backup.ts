// Everything but the bytes, as records of a backup: users, passwords, groups, Spaces and their nodes with references into the store.
import type { Adoption } from '../../durable/space/adopt/port.ts';
import type { DirectoryRecord } from '../../model/directory-record.ts';
import type { NodeRecord } from '../../durable/space/operator/port.ts';
import type { Principal } from '../../model/principal.ts';
import { randomText } from '../../model/secret.ts';
import { ROOT, type SpaceId } from '../../model/space-id.ts';
import { everySpace, type NamedSpace } from './every-space.ts';
import type { Services } from '../services.ts';

export const BACKUP_FORMAT = 1;

export type BackupLine =
  | {
      readonly kind: 'backup';
      readonly format: number;
      readonly id: string;
      readonly time: string;
      readonly authority: string;
      readonly store: string;
    }
  | DirectoryRecord
  | AdoptionRecord
  /** The nodes that follow are this Space's, to its `space-end`. The root Space comes first, with the name ''. */
  | { readonly kind: 'space'; readonly id: SpaceId; readonly name: string; readonly container: string; readonly epoch: number }
  | ({ readonly kind: 'node' } & NodeRecord & { readonly path: string })
  /** `changes` were made to the Space while its pages were read: 0 means that they are of one moment. */
  | { readonly kind: 'space-end'; readonly id: SpaceId; readonly nodes: number; readonly changes: number }
  /** The last line: a backup without it is not whole. `lines` counts this one too. */
  | { readonly kind: 'end'; readonly lines: number; readonly spaces: number; readonly nodes: number };

/** A container of the store that was adopted. */
export type AdoptionRecord = { readonly kind: 'adoption' } & Omit<Adoption, 'epoch'>;

/** Pages of records, each read when it is asked for. */
export async function* backup(services: Services, principal: Principal): AsyncGenerator<readonly BackupLine[]> {
  const total = { lines: 1, spaces: 0, nodes: 0 };
  const counted = (lines: readonly BackupLine[]): readonly BackupLine[] => {
    total.lines += lines.length;
    for (const { kind } of lines) {
      if (kind === 'space') total.spaces += 1;
      if (kind === 'node') total.nodes += 1;
    }
    return lines;
  };
  const { authority } = services.config;
  const time = new Date(services.clock()).toISOString();
  yield counted([{ kind: 'backup', format: BACKUP_FORMAT, id: randomText(12), time, authority, store: services.objects.kind }]);
  for (let after: string | undefined = ''; after !== undefined;) {
    const page: Awaited<ReturnType<Services['directory']['exportRecords']>> = await services.directory.exportRecords(after);
    yield counted(page.items);
    after = page.next;
  }
  const adoptions = await services.spaces.space(ROOT).adoptions();
  if (adoptions.length > 0) yield counted(adoptions.map(({ container, space, owned }) => ({ kind: 'adoption', container, space, owned })));
  for await (const lines of backupSpace({ name: '', id: ROOT, space: services.spaces.space(ROOT) })) yield counted(lines);
  for await (const named of everySpace(services, principal)) {
    for await (const lines of backupSpace(named)) yield counted(lines);
  }
  yield [{ kind: 'end', ...total }];
}

async function* backupSpace({ name, id, space }: NamedSpace): AsyncGenerator<readonly BackupLine[]> {
  const before = await space.status();
  // Deleted since the root named it.
  if (!before) return;
  yield [{ kind: 'space', id, name, container: before.container.name, epoch: before.container.epoch }];
  let nodes = 0;
  for (let after: number | undefined = 0; after !== undefined;) {
    const page: Awaited<ReturnType<typeof space.exportNodes>> = await space.exportNodes(after);
    nodes += page.nodes.length;
    yield page.nodes.map((node) => ({ kind: 'node', ...node }));
    after = page.next;
  }
  const after = await space.status();
  yield [{ kind: 'space-end', id, nodes, changes: after ? after.revision - before.revision : 1 }];
}
