// What the user may do with a node, and why, in words: from what the node says of its access and who the user is.
import { valueIn, type NodeDocument, type NodeType } from '../../model/node.ts';
import { CREATOR, GROUP_READ, GROUP_WRITE, LOCKED, PUBLIC_READ, READABLE, setterOf, WRITABLE } from '../../model/property.ts';
import type { Me } from '../../client/me.ts';
import { groupName, readGroups } from './groups.ts';
import { knownOf } from './known.ts';

export interface Right {
  readonly may: boolean;
  readonly why: string;
}

export interface Rights {
  readonly read: Right;
  readonly write: Right;
  /** To change who may read and write, and to lock. */
  readonly own: Right;
}

/** Whoever asks a service whose rules are not known here: that service decides. */
export const ELSEWHERE = 'elsewhere';
export type Asker = Me | undefined | typeof ELSEWHERE;

/** `who`: undefined for nobody. The service's own word, where it gives it, counts more than what follows from the lists. */
export function rightsOf(node: NodeDocument, who: Asker): Rights {
  if (who === ELSEWHERE) {
    const right = (uri: string): Right => ({ may: valueIn(node, uri) !== 'false', why: 'The service there decides.' });
    return { read: right(READABLE), write: right(WRITABLE), own: right(WRITABLE) };
  }
  const owner = valueIn(node, CREATOR) ?? '';
  const isPublic = valueIn(node, PUBLIC_READ) === 'true';
  const mine = who !== undefined && who.user === owner;
  const groupIn = (uri: string): string | undefined => readGroups(valueIn(node, uri) ?? '').find((group) => who?.groups.includes(group));
  const [reader, writer] = [groupIn(GROUP_READ), groupIn(GROUP_WRITE)];
  const strong = mine ? 'You own it.' : who?.admin ? 'You are an administrator.' : undefined;
  const byWriter = writer === undefined ? undefined : `You are in ${groupName(writer)}, which may write.`;
  const byReader = reader === undefined ? undefined : `You are in ${groupName(reader)}, which may read.`;
  const writes = strong ?? byWriter;
  const reads = strong ?? byWriter ?? (isPublic ? 'It is public.' : byReader);
  const none = who === undefined ? 'You have not signed in.' : 'Neither you nor a group of yours is named.';
  const right = (uri: string, why: string | undefined): Right => {
    const said = valueIn(node, uri);
    const may = said === undefined ? why !== undefined : said === 'true';
    if (may) return { may, why: why ?? 'The service says so.' };
    return { may, why: why === undefined ? none : restrictionOf(who) };
  };
  return {
    read: right(READABLE, reads),
    write: right(WRITABLE, writes),
    own: { may: strong !== undefined, why: strong ?? (who === undefined ? none : `Only ${owner || 'its owner'} may, and administrators.`) },
  };
}

function restrictionOf(who: Me | undefined): string {
  return who?.scopes ? `Your token allows no more than ${who.scopes.join(', ')}.` : 'The service does not allow it.';
}

const NOUNS: Partial<Readonly<Record<NodeType, string>>> = { ContainerNode: 'folder', LinkNode: 'link', Node: 'node' };

/** Why the user cannot set a property of this node; undefined where he can. */
export function lockOf(uri: string, node: NodeDocument, who: Asker, readOnly: boolean): string | undefined {
  const known = knownOf(uri);
  const setter = setterFor(uri);
  if (known?.kept !== undefined || setter === 'service') return known?.kept ?? 'The service itself sets it.';
  const rights = rightsOf(node, who);
  if (setter === 'admin') return who !== ELSEWHERE && who?.admin ? undefined : 'Administrators set it.';
  if (setter === 'owner' && !rights.own.may) return rights.own.why;
  if (!rights.write.may) return `You may not change this ${NOUNS[node.type] ?? 'file'}. ${rights.write.why}`;
  if (valueIn(node, LOCKED) === 'true' && uri !== LOCKED) return 'It is locked. Its owner can unlock it in the tab Access.';
  if (readOnly) return 'The service says that it is read-only.';
  return undefined;
}

function setterFor(uri: string): ReturnType<typeof setterOf> {
  try {
    return setterOf(uri);
  } catch {
    // A property of the standard's namespace that another service has made up.
    return 'writer';
  }
}
