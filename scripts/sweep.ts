// `npm run sweep -- [--dry] [--older hours] [--confirm]`: finds what lies in the store and nobody knows, and has it removed.
import { parseArgs } from 'node:util';
import { AdminClient, CommandError, readText, runCommand } from './admin-client.ts';

await runCommand(async () => {
  const { values } = parseArgs({ options: { dry: { type: 'boolean' }, older: { type: 'string' }, confirm: { type: 'boolean' } } });
  const client = new AdminClient(process.env);
  if (values.confirm) {
    const { confirmed } = JSON.parse(await readText((await client.send('POST', '/admin/sweep/confirm')).body)) as { confirmed: number };
    console.log(`${confirmed} restored Spaces remove what they no longer need from here on`);
    return;
  }
  const query = new URLSearchParams({ dry: String(values.dry ?? false), ...(values.older === undefined ? {} : { older: values.older }) });
  let last: Record<string, unknown> = {};
  for await (const line of client.lines('POST', `/admin/sweep?${query}`)) {
    last = line;
    const { kind, name, key, size, modified, discarded, objects, bytes, unknown, unknownBytes, recent } = line;
    if (kind === 'object')
      console.log(`${discarded === true ? 'discarded' : 'unknown  '}  ${String(key)}  ${String(size)} bytes  ${String(modified)}`);
    if (kind === 'pipe')
      console.log(
        `${line['released'] === true ? 'released from' : 'still noted for'} pipe ${String(line['pipe'])}, which is not there, in ${String(line['space'])}`,
      );
    if (kind === 'space')
      console.log(
        `/${String(name)}: ${String(objects)} objects of ${String(bytes)} bytes; ${String(unknown)} of ${String(unknownBytes)} bytes unknown, ${String(discarded)} discarded, ${String(recent)} too recent to tell`,
      );
  }
  if (last['kind'] !== 'end') throw new CommandError('the answer broke off: run the command again');
  console.log(`${String(last['unknown'])} unknown, ${String(last['discarded'])} discarded`);
  if (last['paused'] === true) console.log('nothing is discarded, because the service was restored: npm run sweep -- --confirm');
});
