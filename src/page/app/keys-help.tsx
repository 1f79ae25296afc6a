// The keyboard shortcuts of what is on show.
import { Dialog } from '../kit/dialog.tsx';
import { groups, helpOpen } from './keys.tsx';

export function KeysHelp() {
  return (
    <Dialog title="Keyboard" onClose={() => (helpOpen.value = false)}>
      {groups.value.map(({ title, shortcuts }) => (
        <section key={title} class="keys">
          <h3>{title}</h3>
          <dl>
            {shortcuts.map(({ keys, label }) => (
              <div key={label}>
                <dt>
                  {keys.map((key) => (
                    <kbd key={key}>{key.split('+').map(capital).join(' + ')}</kbd>
                  ))}
                </dt>
                <dd>{label}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
