// Who the service takes the caller for. Only this project's service tells.
import { optional, parseJson, readBoolean, readList, readRecord, readString, required } from '../model/json/value.ts';
import type { Asking, Session } from './session.ts';

export interface Me {
  readonly user: string;
  /** URIs of the groups that he is a member of. */
  readonly groups: readonly string[];
  readonly admin: boolean;
  /** What a restricted token may do, such as `storage.read:/path`; absent: everything that the user may. */
  readonly scopes?: readonly string[] | undefined;
}

/** Throws VospaceError NotAuthenticated for nobody. */
export function me({ session }: { readonly session: Session }, { signal }: Asking = {}): Promise<Me> {
  return session.read(parseMe, { method: 'GET', url: `${session.endpoints.base}/me`, signal });
}

function parseMe(text: string): Me {
  const value = readRecord(parseJson(text), '$');
  const texts = (list: unknown, path: string): readonly string[] => readList(list, path, readString);
  return {
    user: required(value, '$', 'user', readString),
    groups: required(value, '$', 'groups', texts),
    admin: required(value, '$', 'admin', readBoolean),
    ...optional(value, '$', 'scopes', texts),
  };
}
