// Adds files to the tray, and has the user choose some.
import { signal } from '@preact/signals';
import { uploadMany } from '../../client/uploads.ts';
import { changed } from '../app/changes.ts';
import { childOf, uriOf, type Place } from '../app/place.ts';
import { session } from '../app/spaces.ts';
import { findAll, type FoundFile } from './found.ts';
import type { Taken } from './tray.ts';

/** Files under way. */
export const sending = signal(0);

export async function add(target: Place, taken: Taken): Promise<void> {
  const files: FoundFile[] = [];
  for await (const found of findAll(taken)) if (found.kind === 'file' && found.path.length === 1) files.push(found);
  sending.value += files.length;
  try {
    const list = files.map(({ file }) => ({ where: uriOf(childOf(target, file.name)), source: file }));
    const sent = await uploadMany({ session: await session(target.authority) }, list, { parallel: 3 });
    for (const one of sent) if ('error' in one) throw one.error;
  } finally {
    sending.value -= files.length;
    changed(target);
  }
}

export async function choose(target: Place, kind: 'files' | 'folder'): Promise<void> {
  const input = document.createElement('input');
  input.type = 'file';
  input.multiple = true;
  input.webkitdirectory = kind === 'folder';
  await new Promise((resolve) => {
    input.addEventListener('change', resolve);
    input.click();
  });
  await add(target, Array.from(input.files ?? []));
}
