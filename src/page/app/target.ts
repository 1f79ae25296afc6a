// A node that something is to be done with, as far as the screen knows it.
import type { NodeDocument } from '../../model/node.ts';
import type { Place } from './place.ts';

export type Target = { readonly place: Place; readonly node: NodeDocument };
