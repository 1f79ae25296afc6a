// Changes of who may read and write, as `vopipe chmod` takes them.
import type { Properties } from '../../client/nodes.ts';
import { valueIn, type NodeDocument } from '../../model/node.ts';
import { GROUP_READ, GROUP_WRITE, PUBLIC_READ } from '../../model/property.ts';
import { UsageTrouble } from '../trouble.ts';

type Operation = '+' | '-' | '=';

export interface AccessChange {
  readonly isPublic?: boolean;
  /** Of groups: added, taken away, or put in the place of those that are there. */
  readonly operation?: Operation;
  readonly reads?: boolean;
  readonly writes?: boolean;
  /** None with `-` or `=`: all go. */
  readonly groups: readonly string[];
}

const WORDS: Readonly<Record<string, AccessChange>> = {
  public: { isPublic: true, groups: [] },
  private: { isPublic: false, groups: [] },
  'o+r': { isPublic: true, groups: [] },
  'o-r': { isPublic: false, groups: [] },
};

/** `public`, `private`, `g+r GROUP…`, `g-rw`, … Throws UsageTrouble. */
export function readChanges(words: readonly string[]): readonly AccessChange[] {
  const changes: AccessChange[] = [];
  for (const word of words) {
    const [, who, operation, what = ''] = /^(g|o|og|go)?([+=-])(r|w|rw|wr)$/.exec(word) ?? [];
    const known = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined;
    if (known) changes.push(known);
    else if (operation !== undefined && !(who ?? '').includes('o'))
      changes.push({ operation: operation as Operation, reads: what.includes('r'), writes: what.includes('w'), groups: [] });
    else if (operation !== undefined && what === 'r')
      changes.push({ isPublic: operation !== '-', groups: [] }, { operation: operation as Operation, reads: true, groups: [] });
    else {
      const last = changes.pop();
      if (last?.operation === undefined || operation !== undefined)
        throw new UsageTrouble(`chmod: ${JSON.stringify(word)} is no change, such as public, private, g+r GROUP or g-w GROUP`, 'chmod');
      changes.push({ ...last, groups: [...last.groups, ...word.split(/[\s,]+/).filter((name) => name !== '')] });
    }
  }
  const bare = changes.find(({ operation, groups }) => operation === '+' && groups.length === 0);
  if (bare) throw new UsageTrouble('chmod: which group? g+r GROUP', 'chmod');
  if (changes.length === 0) throw new UsageTrouble('chmod: what is to change? public, private, g+r GROUP, …', 'chmod');
  return changes;
}

/** Whether it is the same for every node, whatever that has. */
export function isAbsolute(changes: readonly AccessChange[]): boolean {
  return changes.every(
    ({ operation, groups }) => operation === undefined || operation === '=' || (operation === '-' && groups.length === 0),
  );
}

/** The properties that bring a node there; those that are right are left out. `node` absent: all of an absolute change. */
export function propertiesFor(changes: readonly AccessChange[], node?: Pick<NodeDocument, 'properties'>): Properties {
  const properties: Record<string, string> = {};
  for (const { isPublic, operation, reads = false, writes = false, groups } of changes) {
    if (isPublic !== undefined) properties[PUBLIC_READ] = String(isPublic);
    if (operation === undefined) continue;
    for (const uri of [...(reads ? [GROUP_READ] : []), ...(writes ? [GROUP_WRITE] : [])]) {
      const before = listOf(properties[uri] ?? (node && valueIn(node, uri)));
      properties[uri] = changed(before, operation, groups).join(' ');
    }
  }
  if (!node) return properties;
  return Object.fromEntries(Object.entries(properties).filter(([uri, value]) => !isSameAccess(valueIn(node, uri), value)));
}

/** Whether a node may be read by all whom the changes let read. Groups are known by their names, too. */
export function allowsAll(node: Pick<NodeDocument, 'properties'>, changes: readonly AccessChange[]): boolean {
  if (valueIn(node, PUBLIC_READ) === 'true') return true;
  const readers = [...listOf(valueIn(node, GROUP_READ)), ...listOf(valueIn(node, GROUP_WRITE))];
  return changes.every(
    ({ isPublic, groups }) => isPublic !== true && groups.every((group) => readers.some((reader) => isGroup(reader, group))),
  );
}

function isGroup(uri: string, text: string): boolean {
  return uri === text || uri.endsWith(`?${text}`);
}

/** As they are written on a command line. */
export function wordsOf(changes: readonly AccessChange[]): string {
  return changes
    .map(({ isPublic, operation = '', reads, writes, groups }) =>
      isPublic === undefined
        ? [`g${operation}${reads ? 'r' : ''}${writes ? 'w' : ''}`, ...groups].join(' ')
        : isPublic
          ? 'public'
          : 'private',
    )
    .join(' ');
}

function changed(before: readonly string[], operation: Operation, groups: readonly string[]): readonly string[] {
  if (operation === '=') return groups;
  if (operation === '+') return [...before, ...groups.filter((group) => !before.includes(group))];
  return groups.length === 0 ? [] : before.filter((group) => !groups.includes(group));
}

function listOf(value: string | undefined): readonly string[] {
  return (value ?? '').split(/[\s,]+/).filter((group) => group !== '');
}

function isSameAccess(before: string | undefined, after: string): boolean {
  return listOf(before ?? 'false').join(' ') === after || (before === undefined && after === '');
}
