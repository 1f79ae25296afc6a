// What goes where, as cp has it: into a folder that is there, or under the target's own name.
import { EXIT } from '../exit.ts';
import { Trouble } from '../trouble.ts';

/** What stands under a name: nothing, a file, or a folder. */
export type Kind = 'none' | 'file' | 'folder';

export interface Source {
  /** As it was written. */
  readonly text: string;
  /** Its own name; empty: of a root, or of `.`, whose contents go into the target itself. */
  readonly name: string;
  readonly kind: Exclude<Kind, 'none'>;
}

export interface Aim {
  readonly text: string;
  readonly kind: Kind;
  /** It was written with a slash at its end. */
  readonly folder: boolean;
}

/**
 * For each source the name that it gets below the target; undefined: it gets the target's own. Throws Trouble for what cannot be meant.
 * `several`: also where only one of them is left. `into`: where the target is a folder that is there, a folder's contents go into it and not into one of the source's name.
 */
export function planNames(
  sources: readonly Source[],
  target: Aim,
  { into = false, several = sources.length > 1 }: { readonly into?: boolean; readonly several?: boolean } = {},
): readonly (string | undefined)[] {
  if (target.kind === 'file' && (several || target.folder)) throw wrong(`${target.text} is not a folder`);
  if (target.kind === 'none' && several) throw absent(`${target.text} is not there: several things go into a folder`);
  if (target.kind === 'none' && target.folder && sources.some(({ kind }) => kind === 'file')) throw absent(`${target.text} is not there`);
  const names = sources.map(({ name, kind, text }) => {
    if (target.kind === 'file' && kind === 'folder') throw wrong(`${target.text} is a file, and ${text} a folder`);
    if (target.kind !== 'folder' || (into && kind === 'folder')) return undefined;
    return name === '' ? undefined : name;
  });
  const [twice] = names.filter((name, i) => name !== undefined && names.indexOf(name) !== i);
  if (twice !== undefined) throw wrong(`two of the sources would become ${target.text.replace(/\/$/, '')}/${twice}`);
  return names;
}

function absent(message: string): Trouble {
  return new Trouble(message, { exit: EXIT.notFound, advice: 'vopipe mkdir makes a container, mkdir a folder of this computer.' });
}

function wrong(message: string): Trouble {
  return new Trouble(message, { exit: EXIT.conflict });
}
