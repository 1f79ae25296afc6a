// Why a folder is not shown, and what can be done.
import { SignInButton } from '../kit/sign-in-button.tsx';
import { filesHref, nameOf, parentOf, type Place } from '../app/place.ts';
import { isKnown, OWN, whoAt } from '../app/spaces.ts';
import { troubleOf } from '../app/trouble.ts';
import { Failure, Nothing } from '../kit/states.tsx';

interface RefusedProps {
  readonly place: Place;
  readonly thrown: unknown;
  readonly again: () => void;
}

export function Refused({ place, thrown, again }: RefusedProps) {
  const trouble = troubleOf(thrown);
  const name = nameOf(place) || 'this VOSpace';
  if (!isKnown(place.authority))
    return (
      <Nothing
        icon="service"
        title="This VOSpace is not known here"
        text={`The service that you use has no ${place.authority} in its registry.`}
      />
    );
  if (trouble.name === 'NotAuthenticated')
    return (
      <Nothing
        icon="lock"
        title="Sign in to see this folder"
        text={place.authority === OWN ? 'It is not open to everybody.' : `${place.authority} wants to know who you are.`}
      >
        <SignInButton at={place.authority} />
      </Nothing>
    );
  if (trouble.name === 'NodeNotFound' || trouble.name === 'ContainerNotFound')
    return (
      <Nothing title={`There is no ${name}`} text="It may have been moved or deleted, or the path may be misspelt.">
        <a class="button" href={filesHref(parentOf(place))}>
          Go to the folder above
        </a>
      </Nothing>
    );
  if (trouble.name === 'PermissionDenied')
    return (
      <Nothing
        icon="lock"
        title={`You may not look into ${name}`}
        text={`${whoAt(place.authority)?.user ?? 'Whoever you are'} has no right to read it. Its owner can give you access.`}
      >
        <a class="button" href={filesHref(parentOf(place))}>
          Go to the folder above
        </a>
      </Nothing>
    );
  if (trouble.name === 'ConnectionFailed' && place.authority !== OWN) {
    const advice = 'It may be down, or does not let the page of this service ask it (CORS).';
    return <Failure trouble={{ ...trouble, text: `${place.authority} does not answer.`, advice }} retry={again} />;
  }
  return <Failure trouble={trouble} retry={again} />;
}
