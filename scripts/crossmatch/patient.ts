// The connection of those who speak to a service that is killed on purpose: they ask again until it is back.
import { nodeMd5 } from '../../src/cli/node-md5.ts';
import { connect } from '../../src/client/connect.ts';
import type { Vospace } from '../../src/client/vospace.ts';

export interface Account {
  readonly user: string;
  readonly password: string;
  /** Of the VOSpace; absent: to be asked for. */
  readonly authority?: string;
}

export function connectPatiently(base: string, { authority, ...credentials }: Account): Vospace {
  return connect(base, { authority, credentials, retry: { tries: 200, base: 50, most: 1000 }, runtime: { md5: nodeMd5 } });
}
