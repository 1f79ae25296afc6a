// Nodes on their way to another place, as pages that say each permission, property name and object once.
import type { NodeType } from '../../../model/node.ts';
import type { Access } from '../../../model/permission.ts';
import type { SpaceId } from '../../../model/space-id.ts';
import { all, first } from '../../sql.ts';
import { accessOf, meta, type Core } from '../core.ts';
import * as q from '../queries.ts';
import type { Page, RelocationKind, TravelBytes, TravelNode } from './port.ts';
import type { CHILDREN_AFTER } from './queries.ts';
import type { Statement } from '../../sql.ts';

type Row = typeof CHILDREN_AFTER extends Statement<infer R> ? R : never;

export class PageMaker {
  /** Characters of names and properties so far. */
  characters = 0;
  readonly #core: Core;
  readonly #kind: RelocationKind;
  readonly #here: SpaceId;
  readonly #access = new Index<Access>();
  readonly #uris = new Index<string>();
  readonly #objects = new Index<TravelBytes>();

  constructor(core: Core, kind: RelocationKind) {
    this.#core = core;
    this.#kind = kind;
    this.#here = (meta(core, 'id') ?? '') as SpaceId;
  }

  /** Nodes of one container, in the order of the rows. */
  nodes(rows: readonly Row[]): TravelNode[] {
    const properties = new Map<number, (readonly [number, string])[]>();
    for (const { node, uri, value } of all(this.#core.sql, q.PROPERTIES_OF, JSON.stringify(rows.map((row) => row.id)))) {
      const pair = [this.#uris.of(uri, () => uri), value] as const;
      const known = properties.get(node);
      if (known) known.push(pair);
      else properties.set(node, [pair]);
      this.characters += value.length;
    }
    return rows.map((row) => this.#node(row, properties.get(row.id)));
  }

  page(groups: Page['groups']): string {
    const page: Page = { access: this.#access.values, uris: this.#uris.values, objects: this.#objects.values, groups };
    return JSON.stringify(page);
  }

  #node(row: Row, properties: TravelNode['properties']): TravelNode {
    this.characters += row.name.length + (row.target?.length ?? 0);
    const { key, source, size, home } = row;
    const object = key === null ? undefined : this.#objects.of(key, () => ({ key, source, size, home: (home ?? this.#here) as SpaceId }));
    return {
      id: row.id,
      name: row.name,
      type: row.type as NodeType,
      ...(row.target === null ? {} : { target: row.target }),
      size: row.size,
      ...(row.md5 === null ? {} : { md5: row.md5 }),
      ...(object === undefined ? {} : { object }),
      ...(properties ? { properties } : {}),
      ...(this.#kind === 'move' ? this.#kept(row) : {}),
    };
  }

  #kept(row: Row): Partial<TravelNode> {
    const quota = row.type === 'ContainerNode' ? first(this.#core.sql, q.GET_QUOTA, row.id) : undefined;
    return {
      access: this.#access.of(row.access, () => accessOf(this.#core, row.access)),
      ...(row.immutable === 1 ? { immutable: true } : {}),
      ...(row.locked === 1 ? { locked: true } : {}),
      created: row.created,
      dataChanged: row.data_changed,
      changed: row.changed,
      ...(quota ? { quota: quota.bytes } : {}),
    };
  }
}

/** Values in the order in which they are first met. */
class Index<T> {
  readonly values: T[] = [];
  readonly #known = new Map<string | number, number>();

  of(key: string | number, make: () => T): number {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const index = this.values.push(make()) - 1;
    this.#known.set(key, index);
    return index;
  }
}
