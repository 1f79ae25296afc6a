// What the doctor says of adopted containers: the running service knows which there are.
import { AdminClient, CommandError } from './admin-client.ts';
import type { Finding } from './doctor-checks.ts';

/** Undefined: no service answers, or there are none. */
export async function examineAdopted(env: Readonly<Record<string, string | undefined>>): Promise<Finding | undefined> {
  try {
    let count = 0;
    const wrong: string[] = [];
    for await (const line of new AdminClient(env).lines('GET', '/admin/adoptions')) {
      count += 1;
      if (line['state'] !== 'ok') wrong.push(`${String(line['container'])} is ${String(line['state'])}`);
    }
    if (wrong.length > 0)
      return {
        level: 'warn',
        detail: wrong.join(', '),
        remedy: 'adopt it again; where others have taken both its keys, with "keys": "replace"',
      };
    return count === 0 ? undefined : { level: 'ok', detail: `${count} adopted containers are there and can be signed for` };
  } catch (error) {
    if (error instanceof CommandError) return undefined;
    throw error;
  }
}
