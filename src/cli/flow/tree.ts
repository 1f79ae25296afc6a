// What a flow file says before it means anything: values that know where in the file they stand.
import { EXIT } from '../exit.ts';
import { Trouble } from '../trouble.ts';

/** Both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export type Tree = { readonly at: Position } & (
  | { readonly kind: 'map'; readonly entries: readonly Entry[] }
  | { readonly kind: 'list'; readonly items: readonly Tree[] }
  | { readonly kind: 'scalar'; readonly value: string | number | boolean | null }
);

export interface Entry {
  readonly key: string;
  readonly keyAt: Position;
  readonly value: Tree;
}

/** `path`: of the key, `pipes.raw.from`; empty for the file as a whole. */
export class FlowTrouble extends Trouble {
  constructor(file: string, { line, column }: Position, path: string, message: string) {
    super(`${file}:${line}:${column}: ${path === '' ? '' : `${path}: `}${message}`, { exit: EXIT.usage });
  }
}
