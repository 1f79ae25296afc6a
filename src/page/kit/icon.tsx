// The icons: one stroke, 24 units wide, drawn in the colour of the text around them. Decoration: their meaning stands beside them in words.

const PATHS = {
  alert: 'M12 4 2.8 20h18.4L12 4ZM12 10v4.5M12 17.2v.3',
  archive: 'M4 8h16v11H4zM3 4h18v4H3zM10 12h4',
  brand:
    'M6.5 7.5m-2.5 0a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0M17.5 16.5m-2.5 0a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0-5 0M9 7.5h3.5a2.5 2.5 0 0 1 2.5 2.5v4a2.5 2.5 0 0 0 0 2.5',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  chevron: 'm9 6 6 6-6 6',
  'chevron-down': 'm6 9 6 6 6-6',
  close: 'M6 6l12 12M18 6 6 18',
  contrast: 'M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 3v18M12 7h5M12 11h8M12 15h7',
  copy: 'M8 8h12v12H8zM16 8V4H4v12h4',
  cross: 'M12 5v14M5 12h14',
  download: 'M12 4v11M7 10.5l5 5 5-5M5 20h14',
  edit: 'M4 20h4L19.5 8.5l-4-4L4 16v4ZM13.5 6.5l4 4',
  empty: 'M4 13l3-8h10l3 8v6H4v-6ZM4 13h5l1.5 3h3L15 13h5',
  file: 'M6 3h8l5 5v13H6zM14 3v5h5',
  filter: 'M4 5h16l-6 8v6l-4-2v-4L4 5Z',
  folder: 'M3 6h6.5l2 2.5H21V19H3z',
  history: 'M4 12a8 8 0 1 1 2.5 5.8M4 20v-4h4M12 8v4.5l3 2',
  home: 'M4 11 12 4l8 7M6 9.5V20h12V9.5M10 20v-5h4v5',
  info: 'M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 11v5.5M12 7.6v.3',
  job: 'M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M10 8.5v7l5.5-3.5z',
  keyboard: 'M3 6h18v12H3zM6.5 9.5h.1M10 9.5h.1M13.5 9.5h.1M17 9.5h.1M6.5 14.5h.1M9.5 14.5h5M17 14.5h.1',
  link: 'M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7L11.8 7.2M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7L12.2 16.8',
  lock: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  menu: 'M12 5.5v.1M12 12v.1M12 18.5v.1',
  moon: 'M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10Z',
  move: 'M4 12h15M13 6l6 6-6 6',
  panes: 'M3 5h18v14H3zM12 5v14',
  pause: 'M8.5 5v14M15.5 5v14',
  pipe: 'M4 7.5m-1.5 0a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0-3 0M5.5 7.5H10c4 0 4 9 8 9h.5M20 16.5m-1.5 0a1.5 1.5 0 1 0 3 0a1.5 1.5 0 1 0-3 0',
  play: 'M7 4.5v15L19.5 12z',
  refresh: 'M20 11a8 8 0 0 0-14-4L4 9M4 4v5h5M4 13a8 8 0 0 0 14 4l2-2M20 20v-5h-5',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M15.5 15.5 20 20',
  service: 'M4 4h16v6H4zM4 14h16v6H4zM7.5 7h.1M7.5 17h.1',
  share: 'M12 15V4M8 7.5 12 3.5l4 4M6 12H5v8h14v-8h-1',
  sort: 'M7 5v14M3.5 15.5 7 19l3.5-3.5M17 19V5M13.5 8.5 17 5l3.5 3.5',
  sun: 'M12 8a4 4 0 1 0 0 8a4 4 0 1 0 0-8M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4',
  table: 'M3 5h18v14H3zM3 10h18M9 10v9',
  trash: 'M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13',
  tree: 'M4 4h6v4H4zM14 10h6v4h-6zM14 16h6v4h-6zM7 8v10h7M7 12h7',
  upload: 'M12 20V8M7 12.5l5-5 5 5M5 4h14',
  user: 'M12 4a4 4 0 1 0 0 8a4 4 0 1 0 0-8M4.5 20.5c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5',
  view: 'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12ZM12 9.5a2.5 2.5 0 1 0 0 5a2.5 2.5 0 1 0 0-5',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
