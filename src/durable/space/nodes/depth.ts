// How deep a tree may come to lie: no node gets a path that no URI can name.
import { allows } from '../../../model/permission.ts';
import { checkPathBytes, MAX_PATH_BYTES, MAX_SEGMENT_BYTES, pathBytes } from '../../../model/vos-uri.ts';
import { first } from '../../sql.ts';
import { accessOf, type Core } from '../core.ts';
import type { Call } from '../port.ts';
import type * as q from '../queries.ts';
import { checkNoPipes } from '../pipes/fixed.ts';
import { TOO_DEEP } from './depth-queries.ts';
import { find } from './walk.ts';

/**
 * For a tree that goes from one path to another. Where the path gets no longer nothing is looked at; else the containers below, and the
 * names in those that are nearly too deep. Throws InvalidArgument.
 */
export function checkDepth(core: Core, head: q.NodeRow, from: readonly string[], to: readonly string[], uri: string): void {
  const bytes = pathBytes(to);
  if (bytes <= pathBytes(from)) return;
  checkPathBytes(bytes, uri);
  if (first(core.sql, TOO_DEEP, head.id, bytes, MAX_PATH_BYTES, MAX_SEGMENT_BYTES + 1)) checkPathBytes(MAX_PATH_BYTES + 1, uri);
}

/** Before the Space's own name changes, by which pipes know their ends. Who may not change it is told so by the change itself. */
export function checkRename(core: Core, call: Call, to: string): void {
  const { node } = find(core, call);
  if (allows(accessOf(core, node.access), call.principal, 'write')) {
    checkDepth(core, node, [call.name], [to], call.uri);
    checkNoPipes(core, call, node);
  }
}
