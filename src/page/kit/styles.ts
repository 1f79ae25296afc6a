// Styles that belong to code which is loaded late: both are asked for at once, and nothing is shown before both are there. The built page calls
// this for every import() (see `scripts/build-page.mjs`).
import { ROOT } from '../app/router.ts';

/** By their paths: those of the first screen stand in the HTML. */
const asked = new Map(
  Array.from(document.querySelectorAll('link[rel=stylesheet]'), (link) => [link.getAttribute('href'), Promise.resolve()] as const),
);

/** `styles`: paths below that of the page. Rejects where one of them, or the code, does not come; another call asks again. */
export async function withStyles<T>(load: () => Promise<T>, styles: readonly string[] = []): Promise<T> {
  const [loaded] = await Promise.all([load(), ...styles.map((path) => need(`${ROOT}/${path}`))]);
  return loaded;
}

function need(href: string): Promise<void> {
  const known = asked.get(href);
  if (known) return known;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const link = document.createElement('link');
  Object.assign(link, { rel: 'stylesheet', href });
  link.addEventListener('load', () => resolve());
  link.addEventListener('error', () => {
    link.remove();
    asked.delete(href);
    reject(new Error(`no styles: ${href}`));
  });
  document.head.append(link);
  asked.set(href, promise);
  return promise;
}
