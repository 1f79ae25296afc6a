// What the service that serves the page tells it, in <meta name="vopipe">.

export interface Settings {
  /** Path of the service's base URL, such as /vos. */
  readonly base: string;
  readonly authority: string;
  /** Other VOSpaces that may be opened beside it. */
  readonly registry: readonly { readonly authority: string; readonly url: string }[];
  /** OpenID Connect issuers where users may sign in. */
  readonly issuers: readonly { readonly issuer: string; readonly clientId: string }[];
}

export const settings: Settings = JSON.parse(document.querySelector<HTMLMetaElement>('meta[name=vopipe]')?.content ?? '{}') as Settings;
