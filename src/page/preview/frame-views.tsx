// Images and PDF, which the browser itself shows: from the store's origin, never from the page's.
import { useSignal } from '@preact/signals';
import { nameOf } from '../app/place.ts';
import { Failure, Loading, Nothing } from '../kit/states.tsx';
import { useLoaded } from '../kit/use-loaded.ts';
import { bytesOf } from './bytes.ts';
import type { ViewProps } from './view.ts';

export function ImageView({ target }: ViewProps) {
  const broken = useSignal(false);
  const { value, trouble, again } = useLoaded((signal) => bytesOf(target, signal).url(), [target.place.path, target.node]);
  if (trouble) return <Failure trouble={trouble} retry={again} />;
  if (!value) return <Loading what="image" />;
  if (broken.value) return <Nothing title="No image" text="Its bytes are not those of an image that the browser knows." />;
  // An image runs no scripts, not even as SVG.
  return <img class="preview-image" src={value} alt={nameOf(target.place)} onError={() => (broken.value = true)} />;
}

export function PdfView({ target }: ViewProps) {
  const { value, trouble, busy, again } = useLoaded(
    async (signal) => {
      const bytes = bytesOf(target, signal);
      const answer = await bytes.open(0, 5);
      const [type, begins, url] = [answer.headers.get('Content-Type') ?? '', await answer.text(), await bytes.url()];
      // Only what the store itself calls PDF, and what is none of this page's own origin, is given to the browser as a document.
      const safe = type.startsWith('application/pdf') && begins === '%PDF-' && new URL(url).origin !== location.origin;
      return safe ? `${url}${url.includes('?') ? '&' : '?'}inline` : undefined;
    },
    [target.place.path, target.node],
  );
  if (trouble) return <Failure trouble={trouble} retry={again} />;
  if (busy) return <Loading what="document" />;
  if (value === undefined) return <NoPdf />;
  return <iframe class="preview-pdf" src={value} title={nameOf(target.place)} referrerpolicy="no-referrer" />;
}

function NoPdf() {
  return <Nothing title="No preview" text="The store does not serve this file as a PDF. Download it to open it." />;
}
