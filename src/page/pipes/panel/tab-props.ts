// What every tab of the panel is given, and every dialog that it opens.
import type { Entry } from '../entry.ts';
import type { Store } from '../store.ts';

export interface TabProps {
  readonly store: Store;
  readonly entry: Entry;
}

export interface PanelDialogProps extends TabProps {
  readonly onClose: () => void;
}
