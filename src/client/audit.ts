// What happened to a node, for administrators of this project's service: lines of JSON, the oldest first.
import { parseJson, readCount, readRecord, readString, readTime, shape } from '../model/json/value.ts';
import { VospaceError } from './error.ts';
import { readPlace, type Where } from './place.ts';
import type { Asking, Session } from './session.ts';

export interface AuditLine {
  readonly id: number;
  /** Epoch milliseconds. */
  readonly time: number;
  /** A user's name, `anonymous` or `system`. */
  readonly principal: string;
  /** Such as create, write, set, move, delete. */
  readonly action: string;
  readonly path: string;
  readonly detail: string;
}

/** What is kept of 90 days, of this path alone: what a node did under another name is told there. Throws PermissionDenied for others. */
export async function auditOf(
  { session }: { readonly session: Session },
  where: Where,
  { signal }: Asking = {},
): Promise<readonly AuditLine[]> {
  const query = new URLSearchParams({ node: readPlace(where).path || '/' }).toString();
  return session.read(parseLines, { method: 'GET', url: `${session.endpoints.base}/admin/audit?${query}`, signal });
}

function parseLines(text: string): readonly AuditLine[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line, index) => readLine(parseJson(line), `$[${index}]`));
}

const readMembers = shape({
  id: readCount,
  time: readTime,
  principal: readString,
  action: readString,
  path: readString,
  detail: readString,
});

function readLine(value: unknown, path: string): AuditLine {
  const { kind, detail } = readRecord(value, path);
  // The status had been sent when it broke off.
  if (kind === 'error') throw new VospaceError('ConnectionFailed', String(detail));
  return readMembers(value, path);
}
