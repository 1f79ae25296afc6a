// What was stated of an upload beforehand.
import { readKeyRange } from '../../../model/key-range.ts';
import { run } from '../../sql.ts';
import type { Core } from '../core.ts';
import * as parts from './parts-queries.ts';
import type { Asked } from './parts-port.ts';
import type { UploadRow } from '../queries.ts';

export function noteAsked(core: Core, upload: string, asked: Asked): void {
  run(core.sql, parts.NOTE_ASKED, asked.parts?.size ?? null, asked.type ?? null, asked.md5 ?? null, upload);
}

export function askedOf(upload: UploadRow): Asked {
  const range = readKeyRange(upload.key);
  return {
    ...(upload.part_size !== null && range ? { parts: { size: upload.part_size, count: range.count } } : {}),
    ...(upload.type === null ? {} : { type: upload.type }),
    ...(upload.md5 === null ? {} : { md5: upload.md5 }),
  };
}
