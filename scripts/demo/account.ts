// Whose container the demonstration uses: that of the user `demo`, whom the administrator makes, or that of VOSPACE_USER.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Vospace, type Credentials } from './vospace.ts';

export interface Account {
  readonly user: string;
  readonly space: Vospace;
  /** Whether the account exists for this demonstration, so that its container may be shown to everybody. */
  readonly isOwn: boolean;
  /** Gives back what was borrowed. */
  close(): Promise<void>;
}

const DEMO_USER = 'demo';

/** Reads VOSPACE_USER and VOSPACE_PASSWORD, or the administrator's credentials in STATE_DIR. Throws an Error for a person. */
export async function openAccount(base: string, environment: NodeJS.ProcessEnv): Promise<Account> {
  const { VOSPACE_USER: user, VOSPACE_PASSWORD: password } = environment;
  if (user && password) return { user, space: await Vospace.connect(base, { user, password }), isOwn: false, close: async () => undefined };
  const admin = await Vospace.connect(base, readCredentials(environment['STATE_DIR'] || '.state'));
  const borrowed = await borrowPassword(admin);
  const space = await Vospace.connect(base, { user: DEMO_USER, password: borrowed });
  // An application password begins with its public id.
  const [id = ''] = borrowed.split('.');
  return { user: DEMO_USER, space, isOwn: true, close: async () => void (await space.send('DELETE', `/me/passwords/${id}`)) };
}

/** A password of the user `demo`, who is made if there is none. */
async function borrowPassword(admin: Vospace): Promise<string> {
  const json = { 'Content-Type': 'application/json' };
  const made = await admin.send('POST', '/admin/users', { headers: json, body: JSON.stringify({ user: DEMO_USER }), also: [409] });
  const answer =
    made.status === 409
      ? await admin.send('POST', `/admin/users/${DEMO_USER}/passwords`, { headers: json, body: JSON.stringify({ label: 'npm run demo' }) })
      : made;
  return ((await answer.json()) as { password: string }).password;
}

function readCredentials(stateDir: string): Credentials {
  const file = join(stateDir, 'credentials');
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Credentials;
  } catch (error) {
    throw new Error(`${file} cannot be read: set STATE_DIR as for npm start, or VOSPACE_USER and VOSPACE_PASSWORD`, { cause: error });
  }
}
