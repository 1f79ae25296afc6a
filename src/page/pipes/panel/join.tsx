// How a program joins this pipe: lines to copy.
import { readPlaceText } from '../../app/place.ts';
import { notify } from '../../app/notices.tsx';
import { settings } from '../../app/settings.ts';
import { OWN, user } from '../../app/spaces.ts';
import { Icon } from '../../kit/icon.tsx';
import { snippetsFor } from '../model/snippets.ts';
import type { TabProps } from './tab-props.ts';

export function Join({ entry }: TabProps) {
  const { src } = entry.shown.value.document;
  const place = readPlaceText(src);
  const files = place?.authority === OWN ? place.path.split('/').map(encodeURIComponent).join('/') : undefined;
  const base = location.origin + settings.base;
  const all = snippetsFor({ base, pipe: entry.id, user: user.value?.user ?? 'USER', files });
  return (
    <>
      <Snippet title="The pipe’s address" what="For every program that speaks with it." text={`${base}/pipes/${entry.id}`} />
      {all.map((one) => (
        <Snippet key={one.title} {...one} />
      ))}
    </>
  );
}

function Snippet({ title, what, text }: { readonly title: string; readonly what: string; readonly text: string }) {
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      notify({ kind: 'done', text: 'Copied.' });
    } catch {
      notify({ kind: 'failed', text: 'The browser does not let this page copy: select the text, and copy it by keys.' });
    }
  };
  return (
    <section class="snippet">
      <div class="panel-top">
        <h3>{title}</h3>
        <button type="button" class="button quiet" aria-label={`Copy: ${title}`} onClick={() => void copy()}>
          <Icon name="copy" />
          Copy
        </button>
      </div>
      <p class="soft">{what}</p>
      <pre tabIndex={0} aria-label={title}>
        <code>{text}</code>
      </pre>
    </section>
  );
}
