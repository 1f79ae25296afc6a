// What is at a URL: this project's service, another VOSpace, or none.
import { connect } from '../../client/connect.ts';
import { VospaceError } from '../../client/error.ts';
import { EXIT } from '../exit.ts';
import { Trouble } from '../trouble.ts';

export interface Probed {
  /** The base URL. */
  readonly url: string;
  readonly codec: 'json' | 'xml';
}

/** `url`: of the service, or of the server that it is at. Asks for the capabilities, which need no credentials. Throws Trouble where no VOSpace answers. */
export async function probe(url: string, signal: AbortSignal | undefined): Promise<Probed> {
  const own = url.replace(/\/$/, '');
  const bases = new URL(url).pathname === '/' ? [own, `${own}/vos`] : [own];
  for (const base of bases) {
    const codec = (await offersNodes(base, 'json', signal)) ? 'json' : (await offersNodes(base, 'xml', signal)) ? 'xml' : undefined;
    if (codec) return { url: base, codec };
  }
  throw new Trouble(`${bases.join(' and ')}: no VOSpace answers there`, {
    exit: EXIT.notFound,
    advice: 'The URL is that of the service, such as https://example.org/vos, or of its VOSI capabilities.',
  });
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
