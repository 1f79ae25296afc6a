// `npm run restore -- file`: a backup into an empty service.
import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { AdminClient, CommandError, readText, runCommand } from './admin-client.ts';

await runCommand(async () => {
  const file = process.argv[2];
  if (file === undefined) throw new CommandError('which backup? npm run restore -- file');
  const headers = { 'content-type': 'application/x-ndjson', ...(isGzip(file) ? { 'content-encoding': 'gzip' } : {}) };
  const { body } = await new AdminClient(process.env).send('POST', '/admin/restore', { stream: createReadStream(file), headers });
  const report = JSON.parse(await readText(body)) as Record<string, unknown>;
  const { users, spaces, nodes, dropped, withoutBytes, withoutKeys } = report;
  console.log(
    `restored ${String(nodes)} nodes in ${String(spaces)} Spaces and ${String(users)} users from the backup of ${String(report['time'])}`,
  );
  if (Number(dropped) > 0) console.log(`${String(dropped)} nodes were left out: their containers were removed while the backup was made`);
  for (const name of withoutBytes as string[]) console.log(`WARNING: the store has no bytes of /${name}: is it the right store?`);
  for (const name of withoutKeys as string[])
    console.log(`WARNING: no key could be put on the adopted container ${name}: adopt it again, with "keys": "replace" if need be`);
  console.log('nothing is removed from the store until: npm run sweep -- --confirm');
});

function isGzip(file: string): boolean {
  try {
    const handle = openSync(file, 'r');
    const start = Buffer.alloc(2);
    readSync(handle, start, 0, 2, 0);
    closeSync(handle);
    return start[0] === 0x1f && start[1] === 0x8b;
  } catch (error) {
    throw new CommandError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
