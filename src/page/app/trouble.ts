// What went wrong, in words for the person who sees it: what is the matter, and what can be done.
import { VospaceError, type ClientFault } from '../../client/error.ts';
import { asFault } from '../../faults.ts';
import { notify } from './notices.tsx';

const ADVICE: Partial<Readonly<Record<ClientFault, string>>> = {
  NotAuthenticated: 'Sign in, and try again.',
  PermissionDenied: 'Its owner can give you access.',
  OperationNotSupported: 'This VOSpace does not offer it.',
  NodeNotFound: 'It may have been moved or deleted.',
  NodeBusy: 'Something else is writing it: try again in a moment.',
  DuplicateNode: 'Choose another name.',
  ConnectionFailed: 'Check the network, and try again.',
  QuotaExceeded: 'Delete something, or ask for more room.',
  ServiceBusy: 'Try again in a moment.',
};

export interface Trouble {
  /** The fault's name, such as NodeNotFound. */
  readonly name: string;
  readonly text: string;
  readonly advice: string | undefined;
}

export function troubleOf(thrown: unknown): Trouble {
  if (thrown instanceof VospaceError) return { name: thrown.fault, text: wordsOf(thrown), advice: ADVICE[thrown.fault] };
  const fault = asFault(thrown);
  // What a file's reader has against it.
  if (fault) return { name: 'Error', text: fault.detail, advice: undefined };
  if (isNotLoaded(thrown)) return { name: 'Error', text: 'A part of the page cannot be loaded.', advice: ADVICE.ConnectionFailed };
  return { name: 'Error', text: thrown instanceof Error ? thrown.message : String(thrown), advice: undefined };
}

/** As browsers, and the loader of styles, say it of a file of the page. */
function isNotLoaded(thrown: unknown): boolean {
  return thrown instanceof Error && /^no styles|dynamically imported module|[Ii]mporting a module/.test(thrown.message);
}

/** Without the request that was refused, or had no answer: that is for programs. */
function wordsOf({ fault, detail, message, status }: VospaceError): string {
  const [, silent] = (fault === 'ConnectionFailed' && /^[A-Z]+ https?:\/\/([^/]+)/.exec(detail)) || [];
  if (silent !== undefined) return `${silent} does not answer.`;
  return (
    (detail || message).replace(/ ?\((?:[A-Z]+ https?:|upload of vos:)\S+ answered \d+\)$/, '') ||
    (status ? `Refused with status ${status}.` : 'The service says no more.')
  );
}

/** Whether the caller has taken his question back. */
export function isAborted(thrown: unknown): boolean {
  return thrown instanceof DOMException && thrown.name === 'AbortError';
}

/** In one line. */
export function saidOf({ text, advice }: Pick<Trouble, 'text' | 'advice'>): string {
  return advice === undefined ? text : `${text}${/[.!?]$/.test(text) ? '' : '.'} ${advice}`;
}

/** Shows a failure as a message. `what`: what was tried, such as "Rename". */
export function showTrouble(what: string, thrown: unknown): void {
  if (isAborted(thrown)) return;
  notify({ kind: 'failed', text: `${what}: ${saidOf(troubleOf(thrown))}` });
}
