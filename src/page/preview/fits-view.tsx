// A FITS file: its HDUs, the cards that tell most, all cards to be searched, and the image.
import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { Facts } from '../kit/facts.tsx';
import { Failure, Loading } from '../kit/states.tsx';
import { useLoaded } from '../kit/use-loaded.ts';
import { bytesOf, type Bytes } from './bytes.ts';
import { mainCards, MOST_HDUS, readHdus, type Hdu } from './fits-file.ts';
import { FitsImage, isImage } from './fits-image.tsx';
import { TextView } from './text-view.tsx';
import type { ViewProps } from './view.ts';

export function FitsView({ target }: ViewProps) {
  const of = [target.place.path, target.node];
  const over = useMemo(() => new AbortController(), of);
  const bytes = useMemo(() => bytesOf(target, over.signal), of);
  useEffect(() => () => over.abort(), [over]);
  const { value, trouble } = useLoaded(async () => Array.fromAsync(readHdus(bytes, bytes.size ?? 0)), [bytes]);
  if (value) return <Hdus hdus={value} bytes={bytes} />;
  if (!trouble) return <Loading what="headers" />;
  return (
    <>
      <Failure trouble={trouble} />
      <TextView target={target} />
    </>
  );
}

function Hdus({ hdus, bytes }: { readonly hdus: readonly Hdu[]; readonly bytes: Bytes }) {
  const chosen = useSignal(hdus.find(isImage)?.index ?? 0);
  const hdu = hdus[chosen.value];
  return (
    <div class="preview">
      <label class="field">
        <span>HDU ({hdus.length === MOST_HDUS ? `the first ${MOST_HDUS}` : hdus.length})</span>
        <select value={chosen.value} onChange={(event) => (chosen.value = Number(event.currentTarget.value))}>
          {hdus.map(({ index, name, kind, axes }) => (
            <option key={index} value={index}>
              {index} {name} {kind} {axes.join(' × ')}
            </option>
          ))}
        </select>
      </label>
      {hdu && isImage(hdu) && <FitsImage key={hdu.index} hdu={hdu} bytes={bytes} />}
      {hdu && <Cards key={`cards ${hdu.index}`} hdu={hdu} />}
    </div>
  );
}

function Cards({ hdu }: { readonly hdu: Hdu }) {
  const sought = useSignal('');
  const main = mainCards(hdu.cards);
  const found = hdu.cards.filter((card) => card.toLowerCase().includes(sought.value.toLowerCase()));
  return (
    <>
      {main.length > 0 && <Facts facts={main} />}
      <label class="field">
        <span>Header: {hdu.cards.length} cards</span>
        <input type="search" placeholder="Search" value={sought.value} onInput={(event) => (sought.value = event.currentTarget.value)} />
      </label>
      <pre class="preview-text" tabIndex={0} aria-label="Cards">
        {found.join('\n')}
      </pre>
    </>
  );
}
