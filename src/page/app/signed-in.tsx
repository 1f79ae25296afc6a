// Where an issuer sends users back to.
import { useLoaded } from '../kit/use-loaded.ts';
import { Failure, Loading } from '../kit/states.tsx';
import { askToSignIn } from './sign-in-door.ts';
import { comeBack } from './oidc.ts';

export function SignedIn() {
  const { trouble } = useLoaded(comeBack, []);
  if (!trouble) return <Loading what="your account" />;
  return <Failure trouble={trouble} retry={() => askToSignIn()} />;
}
