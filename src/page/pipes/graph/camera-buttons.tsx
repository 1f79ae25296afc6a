// Closer, farther and all of it: what the wheel and the keys do, as buttons.
import { Icon } from '../../kit/icon.tsx';
import { AddFolder } from './add-folder.tsx';
import type { Camera } from './camera.ts';

export function CameraButtons({ camera }: { readonly camera: Camera }) {
  return (
    <div class="camera" role="group" aria-label="The drawing">
      <AddFolder />
      <button type="button" class="button icon-only" aria-label="Closer" title="Closer (+)" onClick={() => camera.zoom(true)}>
        <Icon name="cross" />
      </button>
      <button type="button" class="button icon-only" aria-label="Farther" title="Farther (-)" onClick={() => camera.zoom(false)}>
        <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
          <path d="M5 12h14" />
        </svg>
      </button>
      <button type="button" class="button" title="All of it (0)" onClick={() => camera.fit()}>
        Fit
      </button>
    </div>
  );
}
