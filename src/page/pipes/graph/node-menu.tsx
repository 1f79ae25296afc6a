// What can be done with a folder of the graph.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { filesHref, readPlaceText } from '../../app/place.ts';
import { navigate, parameter, withParameters } from '../../app/router.ts';
import { MenuButton, moveInMenu, placeBeside, type MenuItem } from '../../kit/menu.tsx';
import { createWish } from '../create/wish.ts';
import { foldersIn, foldersText } from '../links.ts';
import { endName } from '../model/names.ts';
import type { Connecting } from './connecting.ts';

export interface OpenMenu {
  readonly uri: string;
  readonly anchor: Element;
}

interface NodeMenuProps {
  readonly menu: OpenMenu;
  readonly connecting: Connecting;
  readonly onClose: () => void;
}

export function NodeMenu({ menu: { uri, anchor }, connecting, onClose }: NodeMenuProps) {
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return undefined;
    element.showPopover();
    placeBeside(element, anchor.getBoundingClientRect());
    element.querySelector<HTMLElement>('[role=menuitem]')?.focus();
    return () => {
      if (anchor instanceof SVGElement && anchor.isConnected) anchor.focus({ preventScroll: true });
    };
  }, [anchor]);
  const folders = foldersIn(parameter('folders'));
  const place = readPlaceText(uri);
  const items: readonly MenuItem[] = [
    ...(place ? [{ label: 'Open in Files', icon: 'folder' as const, run: () => navigate(filesHref(place)) }] : []),
    { label: 'Draw a pipe from here', icon: 'pipe', run: () => connecting.start(uri) },
    { label: 'New pipe from here', icon: 'cross', run: () => (createWish.value = { src: uri }) },
    { label: 'New pipe to here', icon: 'cross', run: () => (createWish.value = { dest: uri }) },
    ...(folders.includes(uri)
      ? [
          {
            label: 'Take it off the drawing',
            icon: 'close' as const,
            run: () => navigate(withParameters({ folders: foldersText(folders.filter((one) => one !== uri)) }), { replace: true }),
          },
        ]
      : []),
  ];
  return (
    <div
      ref={list}
      class="menu"
      role="menu"
      aria-label={`Folder ${endName(uri)}`}
      popover="auto"
      onToggle={(event) => event.newState === 'closed' && onClose()}
      onKeyDown={moveInMenu}
    >
      {items.map((item) => (
        <MenuButton key={item.label} item={item} close={() => list.current?.hidePopover()} />
      ))}
    </div>
  );
}
