// Loads a part of the page, and once more whenever the network is back where that has failed.

export interface Loading {
  readonly again: () => void;
  readonly stop: () => void;
}

export function loadLate<T>(load: () => Promise<T>, done: (loaded: T) => void, failed: (thrown: unknown) => void): Loading {
  let over = false;
  const again = (): void => {
    load().then(
      (loaded) => {
        if (!over) done(loaded);
        stop();
      },
      (thrown: unknown) => {
        if (!over) failed(thrown);
      },
    );
  };
  const stop = (): void => {
    over = true;
    removeEventListener('online', again);
  };
  addEventListener('online', again);
  again();
  return { again, stop };
}
