// Folders of this computer for the containers of a copy.
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT } from '../exit.ts';
import { Trouble } from '../trouble.ts';
import { failed, type Copying } from './copying.ts';
import { asError, type Folder } from './entry.ts';
import type { LocalNames } from './local-names.ts';

/** Marks one that is fresh, or that could not be made. */
export function makeLocalFolder(folder: Folder, top: string, names: LocalNames, copying: Copying): void {
  folder.failed = folder.parent?.failed;
  if (folder.failed !== undefined) return;
  let path = join(top, ...folder.names);
  try {
    path = names.pathOf(folder.names);
    folder.fresh = makeDirectory(path);
    if (folder.fresh) copying.report.settled('made', path);
  } catch (thrown) {
    folder.failed = asError(thrown);
    failed(copying, path, thrown);
  }
}

/** False: it is there already. */
function makeDirectory(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
    if (statSync(path).isDirectory()) return false;
    throw new Trouble(`${path} is a file, and was to be a folder`, { exit: EXIT.conflict });
  }
}
