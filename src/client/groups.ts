// Groups of users, which this project's service keeps and permissions name: always in JSON.
import { listOf, parseJson, readString, shape } from '../model/json/value.ts';
import type { Asking, Session } from './session.ts';

export interface Group {
  /** As permissions name it: `ivo://authority/gms?name`. */
  readonly uri: string;
  readonly name: string;
  readonly owner: string;
}

const readGroup = shape({ uri: readString, name: readString, owner: readString });
const readPage = shape({ groups: listOf(readGroup) }, { next: readString });

/** Throws VospaceError NotFound where there is none of this name. */
export function group({ session }: { readonly session: Session }, name: string, { signal }: Asking = {}): Promise<Group> {
  const url = `${session.endpoints.base}/groups/${encodeURIComponent(name)}`;
  return session.read((text) => readGroup(parseJson(text), '$'), { method: 'GET', url, signal });
}

const PAGE = 1000;

/** Those that one owns or is in; an administrator hears of all. Page by page, however many. */
export async function* groups({ session }: { readonly session: Session }, { signal }: Asking = {}): AsyncGenerator<Group, void, undefined> {
  for (let after: string | undefined = ''; after !== undefined;) {
    const query: string = new URLSearchParams({ limit: String(PAGE), after }).toString();
    const call = { method: 'GET', url: `${session.endpoints.base}/groups?${query}`, signal };
    const page: ReturnType<typeof parseGroups> = await session.read(parseGroups, call);
    yield* page.groups;
    after = page.next;
  }
}

function parseGroups(text: string): { readonly groups: readonly Group[]; readonly next?: string } {
  return readPage(parseJson(text, Infinity), '$');
}
