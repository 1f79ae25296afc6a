// A transfer as documents and parameters carry it: VOSpace 2.1 section 3.6.
import type { Param, View } from './node.ts';

export interface Protocol {
  readonly uri: string;
  readonly endpoint?: string;
  readonly params?: readonly Param[];
  /** The standardIDs of the security methods, in the client's order. "appears in the response if and only if the client sent one". */
  readonly securityMethods: readonly string[];
}

export const DIRECTIONS = ['pushToVoSpace', 'pullToVoSpace', 'pushFromVoSpace', 'pullFromVoSpace'] as const;
export type Direction = (typeof DIRECTIONS)[number];

export interface Transfer {
  /** One vos:// URI by the standard; OpenCADC's packages name several. */
  readonly targets: readonly string[];
  /** One of DIRECTIONS, or a vos:// URI for move and copy. */
  readonly direction: string;
  readonly view?: View;
  readonly protocols: readonly Protocol[];
  readonly keepBytes?: boolean;
  readonly params: readonly Param[];
  /** The document's version attribute; a 2.0 client sends none. */
  readonly version?: string;
}

const CORE = 'ivo://ivoa.net/vospace/core#';
export const HTTP_GET = `${CORE}httpget`;
export const HTTPS_GET = `${CORE}httpsget`;
export const HTTP_PUT = `${CORE}httpput`;
export const HTTPS_PUT = `${CORE}httpsput`;
export const PUBLIC_SHARE = 'http://wiki.ivoa.net/twiki/bin/view/IVOA/VOSpacePublicShare';
export const LENGTH_PARAM = `${CORE}length`;
