// Why something was refused, as a sentence.
import type { Trouble } from '../app/trouble.ts';

const WORDS: Readonly<Record<string, string>> = {
  DuplicateNode: 'The name is taken',
  NodeNotFound: 'It is not there',
  ContainerNotFound: 'The folder is not there',
  PermissionDenied: 'You may not do this',
  NotAuthenticated: 'The service wants to know who you are',
  NodeLocked: 'It is locked',
  NodeBusy: 'It is in use',
  QuotaExceeded: 'There is no room for it',
  TransferFailed: 'The bytes have not arrived',
  ConnectionFailed: 'The service does not answer',
  ServiceBusy: 'The service is busy',
};

export function inWords({ name, text, advice }: Trouble): string {
  const words = WORDS[name];
  return [words === undefined ? text : `${words}${text === '' || text === name ? '' : ` (${text})`}.`, advice].filter(Boolean).join(' ');
}
