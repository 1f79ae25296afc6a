// The focus stays in the sheet when what had it goes away: a button that has done its work, a change that was taken back.

/** Looks after one element until the function that it returns is called. */
export function keepFocus(sheet: HTMLElement): () => void {
  let last: Element | null = null;
  let row: string | undefined;
  let inChanges = false;
  const entered = (event: FocusEvent): void => {
    last = event.target as Element;
    row = last.closest<HTMLElement>('[data-uri]')?.dataset['uri'];
    inChanges = last.closest('.changes') !== null;
  };
  const observer = new MutationObserver(() => {
    const lost = last !== null && !last.isConnected && (document.activeElement === document.body || document.activeElement === sheet);
    if (!lost) return;
    const places = [
      row === undefined ? undefined : `[data-uri="${CSS.escape(row)}"] :is(input, textarea, select):not(:disabled)`,
      inChanges ? '.changes button' : undefined,
      '[role=tab][aria-selected=true]',
    ];
    for (const place of places) {
      const found = place === undefined ? null : sheet.querySelector<HTMLElement>(place);
      if (found) return found.focus();
    }
  });
  sheet.addEventListener('focusin', entered);
  observer.observe(sheet, { childList: true, subtree: true });
  return () => {
    sheet.removeEventListener('focusin', entered);
    observer.disconnect();
  };
}
