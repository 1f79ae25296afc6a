// Who the service takes the caller for. Only this project's service tells.
import { listOf, parseJson, readBoolean, readString, shape } from '../model/json/value.ts';
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

const readMe = shape({ user: readString, groups: listOf(readString), admin: readBoolean }, { scopes: listOf(readString) });

function parseMe(text: string): Me {
  return readMe(parseJson(text), '$');
}
