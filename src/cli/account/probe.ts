// What is at a URL that somebody wants to sign in at: this project's service, another VOSpace, or none.
import { connect } from '../../client/connect.ts';
import { VospaceError } from '../../client/error.ts';
import { EXIT } from '../exit.ts';
import { Trouble, UsageTrouble } from '../trouble.ts';

export interface Probed {
  /** The base URL. */
  readonly url: string;
  readonly codec: 'json' | 'xml';
}

/** Asks for the capabilities, which need no credentials. Throws Trouble where no VOSpace answers. */
export async function probe(given: string, signal?: AbortSignal): Promise<Probed> {
  const url = baseOf(given);
  const bases = new URL(url).pathname === '/' ? [url.replace(/\/$/, ''), `${url.replace(/\/$/, '')}/vos`] : [url];
  for (const base of bases) {
    const codec = (await offersNodes(base, 'json', signal)) ? 'json' : (await offersNodes(base, 'xml', signal)) ? 'xml' : undefined;
    if (codec) return { url: base, codec };
  }
  throw new Trouble(`${bases.join(' and ')}: no VOSpace answers there`, {
    exit: EXIT.notFound,
    advice: 'The URL is that of the service, such as https://example.org/vos, or of its VOSI capabilities.',
  });
}

function baseOf(given: string): string {
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(given) ? given : `https://${given}`;
  if (!URL.canParse(text) || !/^https?:/i.test(text)) throw new UsageTrouble(`login: ${JSON.stringify(given)} is not a URL`, 'login');
  const { username, password, origin, pathname } = new URL(text);
  // It is in the shell's history by this time, but it shall not work.
  if (username !== '' || password !== '') throw new UsageTrouble('login: no user and no password in the URL: they are asked for', 'login');
  return `${origin}${pathname.replace(/\/capabilities\/?$/, '').replace(/\/$/, '')}`;
}

/** Another service answers in XML whatever is asked for, and a server that is none with a page or a 404. */
async function offersNodes(base: string, form: 'json' | 'xml', signal: AbortSignal | undefined): Promise<boolean> {
  const codec = form === 'xml' ? { codec: (await import('../../client/xml.ts')).xml } : {};
  try {
    const capabilities = await connect(base, { ...codec, retry: { tries: 2 } }).capabilities({ signal });
    return capabilities.some(({ standardID }) => /VOSpace\/v2\.\d#nodes$/i.test(standardID));
  } catch (thrown) {
    if (thrown instanceof VospaceError && !thrown.transient) return false;
    throw thrown;
  }
}
