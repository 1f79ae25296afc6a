// URLs by which bytes come without credentials, for a while: of a node as it is, or in one of its views.
import { HTTP_GET, HTTPS_GET } from '../../model/transfer.ts';
import { fetchByBrowser, openUrl } from '../actions/download.ts';
import { uriOf, type Place } from '../app/place.ts';
import { vospace } from '../app/spaces.ts';

export interface Signed {
  readonly url: string;
  /** Epoch milliseconds, where the URL says it. */
  readonly expires: number | undefined;
}

/** `view`: a URI of those that the node provides; absent: the bytes as they are. */
export async function signedUrl(place: Place, view: string | undefined): Promise<Signed> {
  const { transfers, base } = await vospace(place.authority);
  const uri = base.startsWith('https:') ? HTTPS_GET : HTTP_GET;
  const negotiated =
    view === undefined
      ? await transfers.request('pullFromVoSpace', place.path)
      : await transfers.negotiate({
          targets: [uriOf(place)],
          direction: 'pullFromVoSpace',
          view: { uri: view },
          protocols: [{ uri, securityMethods: [] }],
          params: [],
          version: '2.1',
        });
  const url = openUrl(negotiated);
  const seconds = Number(new URL(url).searchParams.get('temp_url_expires') ?? '');
  return { url, expires: seconds > 0 ? seconds * 1000 : undefined };
}

export async function downloadView(place: Place, view: string | undefined): Promise<void> {
  const { url } = await signedUrl(place, view);
  await fetchByBrowser(url, (await vospace(place.authority)).session.codec.ours);
}
