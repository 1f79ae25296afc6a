// Styles that did not come, because the network was away, say: they are asked for again until they do. What is loaded a second time does not ask
// for them itself.

/** Milliseconds until the next try, at first and at most. */
const PAUSE = 1000;
const MOST = 30_000;

interface Lost {
  readonly pause: number;
  readonly timer: ReturnType<typeof setTimeout>;
}

const lost = new Map<string, Lost>();

/** Call it before anything is loaded. */
export function watchStyles(): void {
  const fail = ({ target }: Event): void => {
    if (!(target instanceof HTMLLinkElement) || target.rel !== 'stylesheet') return;
    const { href } = target;
    const pause = Math.min(MOST, 2 * (lost.get(href)?.pause ?? PAUSE / 2));
    clearTimeout(lost.get(href)?.timer);
    lost.set(href, { pause, timer: setTimeout(() => void ask(href).catch(() => undefined), pause) });
    target.remove();
  };
  addEventListener('error', fail, true);
  addEventListener('online', () => void mendStyles().catch(() => undefined));
}

/** Resolves when all styles that were wanted are there. Rejects where one does not come now either. */
export async function mendStyles(): Promise<void> {
  await Promise.all(Array.from(lost.keys(), ask));
}

function ask(href: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const link = document.createElement('link');
    Object.assign(link, { rel: 'stylesheet', crossOrigin: '', href });
    link.addEventListener('load', () => {
      clearTimeout(lost.get(href)?.timer);
      lost.delete(href);
      resolve();
    });
    // In the words of what has asked for it first.
    link.addEventListener('error', () => reject(new Error(`Unable to preload CSS for ${href}`)));
    document.head.append(link);
  });
}
