// Whether things lie upon each other that are to lie side by side.
import type { Locator } from 'playwright-core';

/** Pairs of them whose boxes share more than a pixel, by their words. */
export async function overlaps(things: Locator): Promise<readonly string[]> {
  const boxes = await things.evaluateAll((elements) =>
    elements
      .map((element) => {
        const { left, right, top, bottom } = element.getBoundingClientRect();
        return { name: element.getAttribute('aria-label') ?? element.textContent, left, right, top, bottom };
      })
      .filter(({ left, right }) => right > left),
  );
  return boxes.flatMap((one, index) =>
    boxes
      .slice(index + 1)
      .filter((other) => Math.min(one.right, other.right) - Math.max(one.left, other.left) > 1)
      .filter((other) => Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 1)
      .map((other) => `${one.name} and ${other.name}`),
  );
}
