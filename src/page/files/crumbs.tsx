// Where the folder is: its containers as links, or a box to type another place.
import { dropHandlers, dropPlace } from '../actions/drag.ts';
import { loadNext } from '../app/late.ts';
import { filesHref, uriOf, type Place } from '../app/place.ts';
import { isPlainClick } from '../app/router.ts';
import { OWN } from '../app/spaces.ts';
import { Icon } from '../kit/icon.tsx';
import { Late } from '../kit/late.tsx';

interface CrumbsProps {
  /** Of the pane. */
  readonly label: string;
  readonly place: Place;
  readonly typing: boolean;
  readonly onTyping: (typing: boolean) => void;
  readonly onGo: (place: Place, select?: readonly string[]) => void;
}

export function Crumbs({ label, place, typing, onTyping, onGo }: CrumbsProps) {
  if (typing)
    return <Late what="the path" load={async () => (await loadNext()).PathBox} with={{ place, onGo, onClose: () => onTyping(false) }} />;
  const steps = stepsTo(place);
  const go = (event: MouseEvent, to: Place): void => {
    if (!isPlainClick(event)) return;
    event.preventDefault();
    onGo(to);
  };
  return (
    <div class="crumbs">
      <nav aria-label={`${label}: folders above`}>
        <ol>
          {steps.map((step, at) => {
            const last = at === steps.length - 1;
            return (
              <li key={step.path}>
                <a
                  href={filesHref(step)}
                  class={dropPlace.value === uriOf(step) && !last ? 'over' : ''}
                  aria-current={last ? 'location' : undefined}
                  onClick={(event) => go(event, step)}
                  {...(last ? {} : dropHandlers(step))}
                >
                  {step.path === '' ? <Top authority={step.authority} /> : step.path.slice(step.path.lastIndexOf('/') + 1)}
                </a>
                {!last && <Icon name="chevron" />}
              </li>
            );
          })}
        </ol>
      </nav>
      <button
        type="button"
        class="button icon-only quiet"
        aria-label="Type a path"
        title="Type a path ( / )"
        onClick={() => onTyping(true)}
      >
        <Icon name="edit" />
      </button>
    </div>
  );
}

function Top({ authority }: { readonly authority: string }) {
  return authority === OWN ? <>All folders</> : <>{authority}</>;
}

function stepsTo({ authority, path }: Place): readonly Place[] {
  const names = path.split('/').filter(Boolean);
  return [{ authority, path: '' }, ...names.map((_, at) => ({ authority, path: `/${names.slice(0, at + 1).join('/')}` }))];
}
