// The screen of the service: who I am there, what it can do, and how its store is.
import { user } from '../app/spaces.ts';
import { Account } from './account.tsx';
import { Capabilities } from './capabilities.tsx';
import { Servers } from './servers.tsx';
import { Store } from './store.tsx';
import './service.css';

export function ServiceScreen() {
  const who = user.value;
  return (
    <div class="service">
      <Account who={who} />
      {who && <Store key={who.user} />}
      {who?.admin && <Servers key={who.user} />}
      <Capabilities />
    </div>
  );
}
