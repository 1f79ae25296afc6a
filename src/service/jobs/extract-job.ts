// The kind of job that makes the header of a file properties of its node; a commit asks for it where a container says so.
import type { UserId } from '../../model/principal.ts';
import { extractProperties } from '../unpack/extract-properties.ts';
import { jobKind } from './kind.ts';

export interface Extraction {
  readonly target: string;
}

export const extractJob = jobKind<Extraction, never>({
  step: async ({ services, principal, input }) => {
    await extractProperties(services, principal, input.target);
    return { kind: 'done', progress: { nodes: 1 } };
  },
});

/** Who extracts: in the name of the node's owner, and wherever bytes could be committed. */
export function extractor(owner: string): { kind: 'user'; id: UserId; groups: []; admin: true } {
  return { kind: 'user', id: owner as UserId, groups: [], admin: true };
}
