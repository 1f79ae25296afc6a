// An upload in parts that an earlier run has left: of the same file it goes on, of another one it is given up.
import { VospaceError } from '../../client/error.ts';
import type { UploadCalls } from '../../client/upload-calls.ts';
import type { UploadDocument } from '../../model/uploads.ts';
import type { Copying } from './copying.ts';
import type { LocalFile } from './entry.ts';
import type { LargeUpload } from './journal.ts';

/** `uri`: of the node. Undefined: one has to be begun. */
export async function leftLarge(
  uri: string,
  file: LocalFile,
  calls: UploadCalls,
  { journal }: Pick<Copying, 'journal'>,
): Promise<UploadDocument | undefined> {
  const known = journal.uploadTo(uri);
  if (!known && !journal.intends(uri)) return undefined;
  if (known && !isOf(known, file)) await calls.abandon(known.id).catch(() => undefined);
  else {
    const found = await unlessGone(known ? calls.state(known.id, 'missing') : unanswered(uri, file, calls));
    if (found?.phase !== 'PENDING') journal.dropped(uri);
    else if (!known) journal.uploading(largeOf(found.id, uri, file));
    return found?.phase === 'ERROR' ? undefined : found;
  }
  journal.dropped(uri);
  return undefined;
}

export function largeOf(id: string, to: string, { path, size, modified, inode }: LocalFile): LargeUpload {
  return { id, to, path, size, modified, inode };
}

function isOf({ path, size, modified, inode }: LargeUpload, file: LocalFile): boolean {
  return path === file.path && size === file.size && modified === file.modified && inode === file.inode;
}

/** The service has begun it, and that was never heard here. Should it be somebody else's: parts that differ are sent again. */
async function unanswered(uri: string, { size }: LocalFile, calls: UploadCalls): Promise<UploadDocument | undefined> {
  const open = await calls.open(uri);
  const found = open.find(({ length, partCount, phase }) => length === size && partCount !== undefined && phase === 'PENDING');
  return found && calls.state(found.id, 'missing');
}

async function unlessGone<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (thrown) {
    if (!(thrown instanceof VospaceError) || thrown.transient || thrown.fault === 'NotAuthenticated') throw thrown;
    return undefined;
  }
}
