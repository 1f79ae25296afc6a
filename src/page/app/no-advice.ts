// In place of the client's advice for people at a terminal: `app/trouble.ts` has the page's own, and nobody downloads both.
import type { ADVICE as FULL } from '../../client/advice.ts';

export const ADVICE: Partial<typeof FULL> = {};
