// Who asks: the answer of authentication, and the input of every permission check.

/** A user's name, unique in the service; made only by `parseUserId`. Also the name of the user's own top-level container. */
export type UserId = string & { readonly __brand: 'UserId' };
/** A group's IVOID, `ivo://authority/gms?name`. */
export type GroupUri = string & { readonly __brand: 'GroupUri' };

/** What a token allows below a path (WLCG profile, `storage.read:/path`): a restriction of the user's rights, never a grant. */
export interface PathScope {
  readonly action: 'read' | 'create' | 'modify';
  readonly path: readonly string[];
}

export type Principal =
  | { readonly kind: 'anonymous' }
  | {
      readonly kind: 'user';
      readonly id: UserId;
      readonly groups: readonly GroupUri[];
      readonly admin: boolean;
      /** Absent: no restriction. Present: only what one of them allows. */
      readonly scopes?: readonly PathScope[];
    };

export const ANONYMOUS: Principal = { kind: 'anonymous' };

/** The user's name, or undefined when the text cannot be one: 1-64 characters that need no escape in a path, not starting with a dot. */
export function parseUserId(text: string): UserId | undefined {
  return /^[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}$/.test(text) ? (text as UserId) : undefined;
}

/**
 * The group's IVOID in one spelling (scheme and authority in lower case), or undefined. OpenCADC's `vchmod` puts its own registry's
 * prefix before whatever it is given: before another IVOID it means nothing.
 */
export function parseGroupUri(text: string): GroupUri | undefined {
  const match = /^ivo:\/\/([A-Za-z0-9.\-_~!:]+)(\/[^\s?,#]*)?\?([^\s,#]+)$/i.exec(
    text.trim().replace(/^ivo:\/\/cadc\.nrc\.ca\/gms\?(?=ivo:)/i, ''),
  );
  return match ? (`ivo://${(match[1] ?? '').toLowerCase()}${match[2] ?? ''}?${match[3] ?? ''}` as GroupUri) : undefined;
}
