// Work that is wanted again and again: done at once, and then no oftener than so.

/** Milliseconds from one time to the next. What was wanted meanwhile is done once, at the end. */
export function atMost(every: number, work: () => void): { readonly run: () => void; readonly stop: () => void } {
  let [resting, wanted]: [ReturnType<typeof setTimeout> | undefined, boolean] = [undefined, false];
  const rest = (): void => {
    resting = setTimeout(() => {
      resting = undefined;
      if (wanted) run();
    }, every);
  };
  const run = (): void => {
    wanted = resting !== undefined;
    if (wanted) return;
    rest();
    work();
  };
  return { run, stop: () => clearTimeout(resting) };
}
