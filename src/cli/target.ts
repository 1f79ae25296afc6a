// An argument as what it names: a file of this computer, a node of a VOSpace, or standard input and output.
import { readPlace } from '../client/place.ts';
import { UsageTrouble } from './trouble.ts';

export interface NodeTarget {
  readonly kind: 'node';
  /** Of its VOSpace; undefined: the one that is used where none is named. */
  readonly authority: string | undefined;
  /** The names on the way to it, in plain text; none is the root. */
  readonly names: readonly string[];
  /** It was written with a slash at its end: a container. */
  readonly folder: boolean;
  /** As it was written. */
  readonly text: string;
}

export type Target =
  | { readonly kind: 'file'; readonly path: string; readonly folder: boolean; readonly text: string }
  | { readonly kind: 'stream'; readonly text: string }
  | NodeTarget;

/** `vos:/a b/c`: names in plain text. `vos://example.org~vospace/a%20b/c`: a URI, percent-encoded. `-`: a stream. Else a file; `./vos:x` is one, too. */
export function readTarget(text: string): Target {
  if (text === '-') return { kind: 'stream', text };
  const folder = text.endsWith('/');
  if (/^vos:\/\//i.test(text)) {
    const { authority, path } = readPlace(text);
    return { kind: 'node', authority, names: path.split('/').slice(1).map(decodeURIComponent), folder, text };
  }
  if (/^vos:/i.test(text)) {
    const names = text
      .slice(4)
      .split('/')
      .filter((name) => name !== '');
    // The client refuses what no name may be.
    readPlace(names);
    return { kind: 'node', authority: undefined, names, folder: folder || names.length === 0, text };
  }
  if (text === '') throw new UsageTrouble('an argument is empty');
  return { kind: 'file', path: text, folder, text };
}

/** Throws UsageTrouble for what is no node. `name`: of the command. */
export function readNode(name: string, text: string): NodeTarget {
  const target = readTarget(text);
  if (target.kind === 'node') return target;
  throw new UsageTrouble(`${name}: ${JSON.stringify(text)} is not a node of a VOSpace, such as vos:/survey/m31.fits`, name);
}

/** As a person writes it: what was written with a vos:// URI keeps its authority. */
export function textOf({ authority, names }: Pick<NodeTarget, 'authority' | 'names'>): string {
  if (authority === undefined) return `vos:/${names.join('/')}`;
  return `vos://${authority}${names.map((name) => `/${encodeURIComponent(name)}`).join('')}`;
}

/** A node below another. */
export function below(container: NodeTarget, ...names: readonly string[]): NodeTarget {
  const all = [...container.names, ...names];
  return { ...container, names: all, folder: false, text: textOf({ authority: container.authority, names: all }) };
}
