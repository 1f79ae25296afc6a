// The entity tag of a node's description: of everything that setNode changes, so that a change can be made to depend on it.
import type { PropertyInput } from './node.ts';
import { Md5 } from './md5.ts';
import type { Access } from './permission.ts';

export interface Described {
  readonly access: Access;
  readonly immutable: boolean;
  readonly locked: boolean;
  readonly target: string | undefined;
  readonly quota: { readonly bytes: number } | undefined;
  readonly properties: readonly PropertyInput[];
}

const utf8 = new TextEncoder();

/**
 * Without quotes, 32 hexadecimal digits. Neither bytes nor children nor times count: an upload into a folder does not spoil what somebody
 * is writing about the folder. What is set back has its former tag again.
 */
export function descriptionTag({ access, immutable, locked, target, quota, properties }: Described): string {
  const { owner, isPublic, inherit, groupRead, groupWrite } = access;
  const values = properties.map(({ uri, value }) => [uri, value] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  const all = [owner, isPublic, inherit, groupRead, groupWrite, immutable, locked, target ?? null, quota?.bytes ?? null, values];
  return Md5.of(utf8.encode(JSON.stringify(all)));
}

/** The tags of an If-Match header; weak ones count as well: a proxy that compresses makes them so. `*` stands for any. */
export function readTags(header: string): readonly string[] {
  return header.split(',').map((tag) => tag.trim().replace(/^W\//, '').replaceAll('"', ''));
}
