// One node that was found.
import { useLayoutEffect, useRef } from 'preact/hooks';
import { hasBytes, valueIn } from '../../model/node.ts';
import { DATE, LENGTH } from '../../model/property.ts';
import { aroundHref, filesHref, nameOf, parentOf, placeText, type Place } from '../app/place.ts';
import type { Target } from '../app/target.ts';
import { formatBytes, formatTime } from '../kit/format.ts';
import { Icon } from '../kit/icon.tsx';

interface ResultRowProps {
  readonly below: Place;
  readonly row: Target;
  readonly index: number;
  /** Pixels. */
  readonly top: number;
  readonly chosen: boolean;
  readonly current: boolean;
  readonly onChoose: (how: { readonly range: boolean; readonly adds: boolean }) => void;
}

export function ResultRow({ below, row, index, top, chosen, current, onChoose }: ResultRowProps) {
  const { place, node } = row;
  const name = nameOf(place);
  const folder = parentOf(place);
  const length = valueIn(node, LENGTH);
  const ref = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    ref.current?.style.setProperty('top', `${top}px`);
  }, [top]);
  const click = (event: MouseEvent): void => {
    if ((event.target as Element).closest('a, label')) return;
    onChoose({ range: event.shiftKey, adds: event.ctrlKey || event.metaKey });
  };
  return (
    <div ref={ref} class="result" role="row" aria-rowindex={index + 1} aria-selected={chosen} tabIndex={current ? 0 : -1} onClick={click}>
      <span role="gridcell">
        <label class="result-check">
          <input
            type="checkbox"
            tabIndex={-1}
            checked={chosen}
            aria-label={`Select ${name}`}
            onClick={(event) => onChoose({ range: event.shiftKey, adds: true })}
          />
        </label>
      </span>
      <span role="gridcell" class="result-name">
        <Icon name={node.type === 'ContainerNode' ? 'folder' : node.type === 'LinkNode' ? 'link' : 'file'} />
        <span>
          <a class="cut" href={hrefOf(row)} tabIndex={-1} title={name}>
            {name}
          </a>
          <a class="result-folder cut" href={filesHref(folder)} tabIndex={-1} title={placeText(folder)}>
            {below.path !== '' && folder.path.startsWith(`${below.path}/`)
              ? `… ${folder.path.slice(below.path.length)}`
              : placeText(folder)}
          </a>
        </span>
      </span>
      <span role="gridcell" class="result-size number">
        {hasBytes(node.type) && length !== undefined ? formatBytes(Number(length)) : ''}
      </span>
      <span role="gridcell" class="result-date number">
        {formatTime(valueIn(node, DATE) ?? '')}
      </span>
    </div>
  );
}

/** A folder itself; anything else, selected where it lies. */
export function hrefOf({ place, node }: Target): string {
  return node.type === 'ContainerNode' ? filesHref(place) : aroundHref(place);
}
