// Where the focus goes when what had it is gone from the tray.

/** To the list, or to the page's content where there is none any more. Call it after the change. */
export function keepFocus(): void {
  requestAnimationFrame(() => {
    if (document.activeElement !== null && document.activeElement !== document.body) return;
    const list = document.querySelector<HTMLElement>('.tray-rows');
    (list ?? document.getElementById('main'))?.focus();
  });
}
