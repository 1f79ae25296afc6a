// `npm run backup -- [file]`: everything the service knows but the bytes, as JSON lines in a file that only its owner can read.
import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { AdminClient, CommandError, runCommand } from './admin-client.ts';

/** Passes everything on; keeps the number of lines and the last line. */
class Lines extends Transform {
  count = 0;
  last = '';
  #rest = '';
  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: (error: Error | null, chunk: Buffer) => void): void {
    const parts = (this.#rest + chunk.toString('latin1')).split('\n');
    this.#rest = parts.pop() ?? '';
    this.count += parts.length;
    this.last = parts.at(-1) ?? this.last;
    done(null, chunk);
  }
}

await runCommand(async () => {
  const file = process.argv[2] ?? `backup-${new Date().toISOString().replaceAll(':', '-').slice(0, 19)}Z.ndjson.gz`;
  const { body } = await new AdminClient(process.env).send('GET', '/admin/backup');
  const lines = new Lines();
  const unfinished = `${file}.part`;
  rmSync(unfinished, { force: true });
  const out = createWriteStream(unfinished, { mode: 0o600, flush: true });
  if (file.endsWith('.gz')) await pipeline(body, lines, createGzip(), out);
  else await pipeline(body, lines, out);
  const end = parse(lines.last);
  if (end['kind'] !== 'end' || end['lines'] !== lines.count) {
    rmSync(unfinished);
    throw new CommandError(`the backup broke off after ${lines.count} lines: ${end['kind'] === 'error' ? lines.last : 'try again'}`);
  }
  renameSync(unfinished, file);
  console.log(
    `${file}: ${String(end['nodes'])} nodes in ${String(end['spaces'])} Spaces, ${lines.count} lines; it holds password hashes: keep it secret`,
  );
});

function parse(line: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return {};
  }
}
