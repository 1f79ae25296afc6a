// `npm run rotate-keys`: another epoch of temp URL keys on every container of the store; a repeat finishes what an interrupted one left.
import { AdminClient, CommandError, runCommand } from './admin-client.ts';

await runCommand(async () => {
  let last: Record<string, unknown> = {};
  for await (const line of new AdminClient(process.env).lines('POST', '/admin/rotate-keys')) {
    last = line;
    if (line['kind'] === 'epoch')
      console.log(`epoch ${String(line['epoch'])}${line['resumed'] === true ? ': finishing the rotation before' : ''}`);
    if (line['kind'] === 'space') console.log(`rotated  /${String(line['name'])}  ${String(line['container'])}`);
    if (line['kind'] === 'adopted') console.log(`rotated  ${String(line['container'])}, adopted`);
    if (line['kind'] === 'adopted-failed') console.log(`FAILED   ${String(line['container'])}, adopted  ${String(line['detail'])}`);
    if (line['kind'] === 'failed') console.log(`FAILED   /${String(line['name'])}  ${String(line['detail'])}`);
  }
  if (last['kind'] !== 'end') throw new CommandError('the answer broke off: run the command again');
  console.log(
    `${String(last['rotated'])} rotated, ${String(last['current'])} already there, ${String(last['unused'])} without a container, ${String(last['failed'])} failed`,
  );
  if (Number(last['failed']) > 0) throw new CommandError('run the command again for those that failed');
});
