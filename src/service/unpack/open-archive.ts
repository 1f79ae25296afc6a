// An archive in the store as a row of members with their bytes, whichever its format: read by ranges, from any place in it.
import { refuseArchive, type Member } from '../../formats/archive-member.ts';
import { SeekingReader } from '../../formats/seeking-reader.ts';
import { readTarMember } from '../../formats/tar-read.ts';
import { unpackedBytes } from '../../formats/unpacked-bytes.ts';
import { findMember, readZipDirectory, withTarget, type ReadRange, type ZipMember } from '../../formats/zip-read.ts';
import { MAX_UNPACKED_NODES } from '../../model/limits.ts';
import { openDownload, type Download } from '../downloads/download.ts';
import type { Services } from '../services.ts';

export interface FoundMember {
  readonly member: Member;
  /** Where the member behind it is. */
  readonly next: number;
  /** Its bytes, whole: for small files. They must be taken before the next member is asked for. */
  readonly bytes: () => Promise<Uint8Array>;
  /** Its bytes as a stream, which fails when they are not what the archive says of them. */
  readonly stream: () => Promise<ReadableStream<Uint8Array>>;
}

export interface OpenArchive {
  /** The member at this place; undefined at the end. */
  member(at: number): Promise<FoundMember | undefined>;
  close(): Promise<void>;
}

export function openArchive(services: Services, download: Download, format: 'tar' | 'zip'): OpenArchive {
  const open = async (start: number, end = download.node.size): Promise<ReadableStream<Uint8Array>> => {
    const stream = start >= end ? null : await openDownload(services, download, { start, end: end - 1 });
    return stream ?? new Blob([]).stream();
  };
  return format === 'tar' ? openTar(open, download.node.size) : openZip(open, download.node.size);
}

type Open = (start: number, end?: number) => Promise<ReadableStream<Uint8Array>>;

function openTar(open: Open, size: number): OpenArchive {
  const source = new SeekingReader((start) => open(start));
  return {
    async member(at) {
      if (at > size) throw refuseArchive('it is cut off');
      const reader = await source.at(at, 'a file');
      const member = await readTarMember(reader, source.base);
      if (!member) return undefined;
      const { start, next } = member;
      if (start + member.size > size) throw refuseArchive('it is cut off');
      return {
        member,
        next,
        bytes: async () => new Uint8Array((await (await source.at(start, 'a file')).exactly(member.size, 'a file')) ?? []),
        stream: () => open(start, start + member.size),
      };
    },
    close: () => source.close(),
  };
}

function openZip(open: Open, size: number): OpenArchive {
  const read: ReadRange = async (start, end) => new Uint8Array(await new Response(await open(start, end)).arrayBuffer());
  let members: readonly ZipMember[] | undefined;
  return {
    async member(at) {
      members ??= await readZipDirectory(size, read, MAX_UNPACKED_NODES);
      const found = members[at];
      if (!found) return undefined;
      const stream = async (): Promise<ReadableStream<Uint8Array>> => {
        const { start, end } = await findMember(found, read);
        return unpackedBytes(await open(start, end), found);
      };
      const bytes = async () => new Uint8Array(await new Response(await stream()).arrayBuffer());
      const member = found.kind === 'link' ? withTarget(found, await bytes()) : found;
      return { member, next: at + 1, bytes, stream };
    },
    close: () => Promise.resolve(),
  };
}
