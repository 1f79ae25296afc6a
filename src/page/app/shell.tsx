// The frame around every screen: navigation, who is signed in, and what lies over it.
import { SignInButton } from '../kit/sign-in-button.tsx';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { Actions } from '../actions/over.ts';
import { Icon } from '../kit/icon.tsx';
import { Late } from '../kit/late.tsx';
import { Nothing } from '../kit/states.tsx';
import { TrayDock } from '../tray/dock.tsx';
import { helpOpen, useShortcuts } from './keys.tsx';
import { loadNext } from './late.ts';
import { lost } from './live.ts';
import { Notices } from './notices.tsx';
import { navigate, ROOT, route } from './router.ts';
import { SCREENS, SIGNED_IN, type Screen } from './screens.ts';
import { door } from './sign-in-door.ts';
import { OWN, user } from './spaces.ts';
import { askToSignOut } from './staying.ts';
import { theme, THEMES } from './theme.ts';

const HELP = [{ keys: ['?'], label: 'Show the keyboard shortcuts', run: () => (helpOpen.value = true) }];
const GO = SCREENS.map(({ name, label }, index) => ({
  keys: [`alt+${index + 1}`],
  label: `Go to ${label}`,
  run: () => navigate(`${ROOT}/${name}`),
}));
const ANYWHERE = [...HELP, ...GO];

const loadKeysHelp = async (): Promise<ComponentType> => (await loadNext()).KeysHelp;
const loadSignIn = async (): Promise<ComponentType> => (await loadNext()).SignIn;

export function Shell() {
  useShortcuts('Anywhere', ANYWHERE);
  const name = route.value.screen || 'files';
  const screen = [...SCREENS, SIGNED_IN].find((one) => one.name === name);
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>
        Skip to the content
      </a>
      <header class="top">
        <a class="brand" href={ROOT} aria-label="VOPipe">
          <Icon name="brand" />
          <span>VOPipe</span>
        </a>
        <nav aria-label="Screens">
          {SCREENS.map(({ name: to, label, icon }) => (
            <a key={to} href={`${ROOT}/${to}`} aria-current={to === name ? 'page' : undefined}>
              <Icon name={icon} />
              <span>{label}</span>
            </a>
          ))}
        </nav>
        <div class="top-end">
          {lost.value && (
            <span class="chip warn" role="status" title="The service sends no news: what is on show may be older than it looks.">
              <Icon name="alert" />
              Not live
            </span>
          )}
          <ThemeButton />
          <button type="button" class="button icon-only quiet" aria-label="Keyboard shortcuts" onClick={() => (helpOpen.value = true)}>
            <Icon name="keyboard" />
          </button>
          {user.value ? (
            <button
              type="button"
              class="button quiet who"
              aria-label={`${user.value.user}, sign out`}
              title="Sign out"
              onClick={() => askToSignOut(OWN)}
            >
              <Icon name="user" />
              <span>{user.value.user}</span>
            </button>
          ) : (
            <SignInButton />
          )}
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        <h1 class="spoken">{screen?.label ?? 'VOPipe'}</h1>
        {screen ? (
          <Current key={screen.name} screen={screen} />
        ) : (
          <Nothing title="There is no such page" text="The address may be wrong." />
        )}
      </main>
      <TrayDock />
      <Actions />
      {door.value !== undefined && <Late key={door.value} what="sign-in" load={loadSignIn} with={{}} />}
      {helpOpen.value && <Late what="the keys" load={loadKeysHelp} with={{}} />}
      <Notices />
    </>
  );
}

function skip(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

function Current({ screen }: { readonly screen: Screen }) {
  useEffect(() => {
    document.title = `${screen.label} · VOPipe`;
  }, []);
  return <Late what={screen.label} load={screen.load} with={{}} />;
}

function ThemeButton() {
  const next = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? 'system';
  const names = { system: 'as the system', light: 'light', dark: 'dark' };
  return (
    <button
      type="button"
      class="button icon-only quiet"
      aria-label={`Colours: ${names[theme.value]}. Change to ${names[next]}`}
      title={`Colours: ${names[theme.value]}`}
      onClick={() => (theme.value = next)}
    >
      <Icon name={theme.value === 'dark' ? 'moon' : theme.value === 'light' ? 'sun' : 'contrast'} />
    </button>
  );
}
