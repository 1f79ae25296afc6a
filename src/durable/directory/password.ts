// An application password as it is made: its text goes to its user, and only its hash is kept.
import { randomText, sha256Hex } from '../../model/secret.ts';

export interface MadePassword {
  /** Its name: what is listed and revoked. */
  readonly pwid: string;
  /** SHA-256 of the secret, hexadecimal. */
  readonly hash: string;
  /** What the user signs in with: the name, a point, the secret. */
  readonly text: string;
}

export async function makePassword(): Promise<MadePassword> {
  const pwid = randomText(9);
  const secret = randomText(32);
  return { pwid, hash: await sha256Hex(secret), text: `${pwid}.${secret}` };
}
