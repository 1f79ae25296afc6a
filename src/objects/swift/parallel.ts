// Runs work for many items, a few at a time.

/** A Worker may have six connections that wait for headers; two are left for others. */
const AT_ONCE = 4;

/** Rejects with the first failure; what is under way then still ends, but nothing more begins. */
export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const waiting = items.values();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const item of waiting) {
      if (failed) return;
      try {
        await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, worker));
}
