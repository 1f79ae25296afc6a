// A transfer as an answer, in the form that the client asked for.
import type { Context } from 'hono';
import { formatTransferJson } from '../model/json/transfer.ts';
import type { Transfer } from '../model/transfer.ts';
import { formatTransfer } from '../xml/transfer.ts';
import { PRIVATE } from './byte-headers.ts';
import type { AppEnv } from './context.ts';
import { wantsJson } from './input.ts';

export function transferAnswer(c: Context<AppEnv>, details: Transfer): Response {
  const json = wantsJson(c);
  return c.body(json ? formatTransferJson(details) : formatTransfer(details), 200, {
    ...PRIVATE,
    'Content-Type': json ? 'application/json' : 'text/xml; charset=utf-8',
  });
}
