// What messages and dialogs say: of which nodes they are, and why something was refused.
import { nameOf } from '../app/place.ts';
import { type Target } from '../app/target.ts';
import { saidOf, type Trouble } from '../app/trouble.ts';
import { plural } from '../kit/format.ts';
import { shownName } from '../kit/shown-name.ts';

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
  ServiceBusy: 'The service is busy',
};

/** “stars.csv”, or how many they are. */
export function called(targets: readonly Target[]): string {
  const [only] = targets;
  return targets.length === 1 && only ? `“${shownName(nameOf(only.place))}”` : plural(targets.length, 'item');
}

/** As a sentence. */
export function inWords({ name, text, advice }: Trouble): string {
  const words = WORDS[name];
  return saidOf({ text: words === undefined ? text : `${words}${text === '' || text === name ? '' : ` (${text})`}.`, advice });
}
