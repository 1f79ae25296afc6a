// The tabs of the item panel, as the URL names them. By itself, so that who opens the panel need not carry it.

export const ITEM_TABS = ['preview', 'properties', 'access', 'links', 'history'] as const;
export type ItemTab = (typeof ITEM_TABS)[number];

export function isItemTab(text: string | undefined): text is ItemTab {
  return (ITEM_TABS as readonly (string | undefined)[]).includes(text);
}
