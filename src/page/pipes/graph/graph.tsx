// The graph of pipes: drawn, moved about in, walked through by keys, and drawn into.
import { useComputed, useSignal, useSignalEffect } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { useShortcuts } from '../../app/keys.tsx';
import { navigate } from '../../app/router.ts';
import { Loading } from '../../kit/states.tsx';
import type { Entry } from '../entry.ts';
import { openedPipe, pipeHref } from '../links.ts';
import { graphOf, pipeNodeId } from '../model/graph.ts';
import type { Store } from '../store.ts';
import { useGrowing } from '../use-growing.ts';
import { Camera } from './camera.ts';
import { CameraButtons } from './camera-buttons.tsx';
import { Connecting } from './connecting.ts';
import { Dots } from './dots.ts';
import { Drawn, type Drawing } from './drawn.ts';
import { ArrowHead, Edge } from './edges.tsx';
import { NodeMenu, type OpenMenu } from './node-menu.tsx';
import { ContainerNode, GroupNode, PipeNode } from './nodes.tsx';
import './graph.css';
import { boxOf } from './sizes.ts';
import { walk } from './walking.ts';

/** Nodes put there in one frame. */
const STEP = 24;

interface GraphProps {
  readonly store: Store;
  readonly entries: readonly Entry[];
  /** URIs of containers without pipes that are drawn, too. */
  readonly folders: readonly string[];
}

export function Graph({ store, entries, folders }: GraphProps) {
  const camera = useMemo(() => new Camera(), []);
  const drawn = useMemo(() => new Drawn(), []);
  const connecting = useMemo(() => new Connecting(camera), []);
  const menu = useSignal<OpenMenu | undefined>(undefined);
  const openMenu = useMemo(() => (open: OpenMenu) => void (menu.value = open), []);
  const frame = useRef<HTMLDivElement>(null);
  // Groups come and go in descriptions: once a second is soon enough to see whether there are others.
  void store.second.value;
  const graph = graphOf(
    entries.map((entry) => entry.shown.peek().document),
    folders,
  );
  useEffect(() => void drawn.draw(graph));
  useSignalEffect(() => {
    const drawing = drawn.drawing.value;
    if (drawing) camera.drawn(drawing);
  });
  useEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const observer = new ResizeObserver(() => camera.resized({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useShortcuts(
    'Graph of pipes',
    [
      { keys: ['+', '='], label: 'Closer', run: () => camera.zoom(true) },
      { keys: ['-'], label: 'Farther', run: () => camera.zoom(false) },
      { keys: ['0'], label: 'All of it', run: () => camera.fit() },
      { keys: ['arrowup', 'arrowdown', 'arrowleft', 'arrowright'], label: 'Along the lines (with Shift: move the drawing)' },
      { keys: ['enter'], label: 'Open what is chosen' },
      { keys: ['c'], label: 'On a folder: draw a pipe from here; on another: to here' },
    ],
    [],
  );
  return (
    <div class="pipes-graph" ref={frame}>
      {drawn.trouble.value !== undefined && <p class="failure">{drawn.trouble.value}</p>}
      {!drawn.drawing.value && drawn.trouble.value === undefined && <Loading what="graph" />}
      {drawn.drawing.value && (
        <Picture store={store} drawing={drawn.drawing.value} camera={camera} connecting={connecting} menu={openMenu} />
      )}
      <CameraButtons camera={camera} />
      {menu.value && <NodeMenu menu={menu.value} connecting={connecting} onClose={() => (menu.value = undefined)} />}
    </div>
  );
}

interface PictureProps {
  readonly store: Store;
  readonly drawing: Drawing;
  readonly camera: Camera;
  readonly connecting: Connecting;
  readonly menu: (open: OpenMenu) => void;
}

function Picture({ store, drawing, camera, connecting, menu }: PictureProps) {
  const current = useSignal<string | undefined>(undefined);
  const picture = useRef<SVGSVGElement>(null);
  const layer = useRef<SVGGElement>(null);
  const opened = openedPipe();
  const { nodes, edges } = drawing;
  const there = useGrowing(nodes.length, STEP);
  const first = nodes.some(({ node }) => node.id === current.value) ? current.value : nodes[0]?.node.id;
  useEffect(() => {
    const open = nodes.find(({ node }) => opened !== undefined && node.id === pipeNodeId(opened));
    camera.keep(open && boxOf('pipe', open.at));
  }, [opened, drawing]);
  useEffect(() => {
    if (!layer.current) return undefined;
    const dots = new Dots(layer.current);
    const byPipe = Map.groupBy(edges, ({ edge }) => edge.pipe);
    const leave = store.onFlow(({ pipe, written, visible, acked }) => {
      for (const { key, edge, line } of byPipe.get(pipe) ?? []) {
        const group = edge.kind === 'claims' ? edge.to.slice(edge.to.lastIndexOf(' ') + 1) : '';
        const chunks = { in: written, out: visible, claims: acked.get(group) ?? 0, stage: written }[edge.kind];
        if (chunks > 0) dots.send(key, line, chunks);
      }
    });
    return () => {
      leave();
      dots.clear();
    };
  }, [drawing]);
  const open = (element: Element | null | undefined): void => {
    const { pipe, of, container } = (element as SVGElement | null | undefined)?.dataset ?? {};
    const id = pipe ?? of;
    if (connecting.click(container)) return;
    if (container !== undefined && element) menu({ uri: container, anchor: element });
    else if (id !== undefined) navigate(pipeHref(id, pipe === undefined ? 'groups' : undefined));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const element = (event.target as Element).closest<SVGElement>('[data-node]');
    if (!element) return;
    if (connecting.key(event, element.dataset['container'])) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      open(element);
    } else walk(event, element.dataset['node'] ?? '', drawing, camera, picture.current);
  };
  const onPointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const { handle } = (event.target as SVGElement).dataset;
    if (handle !== undefined) connecting.begin(handle, event, picture.current);
    else if (!(event.target as Element).closest('[data-node]')) camera.drag(event);
  };
  return (
    <>
      <svg
        ref={picture}
        class={`picture ${connecting.from.value === undefined ? '' : 'connecting'}`}
        role="group"
        aria-label="Graph of pipes. Arrow keys lead along its lines, Enter opens."
        onWheel={(event) => camera.wheel(event)}
        onPointerDown={onPointerDown}
        onKeyDown={onKeyDown}
        onClick={(event) => open((event.target as Element).closest('[data-node]'))}
        onFocusCapture={(event) => {
          const id = (event.target as SVGElement).dataset['node'];
          if (id !== undefined) current.value = id;
        }}
      >
        <ArrowHead />
        <Seen camera={camera}>
          <g aria-hidden="true">
            {edges.slice(0, there * 2).map((edge) => (
              <Edge key={edge.key} drawn={edge} entry={store.find(edge.edge.pipe)} />
            ))}
          </g>
          {nodes.slice(0, there).map((one) => {
            const { node } = one;
            const entry = node.kind === 'container' ? undefined : store.find(node.pipe);
            const given = { drawn: one, tabIndex: node.id === first ? 0 : -1 };
            if (node.kind === 'container')
              return <ContainerNode key={node.id} {...given} uri={node.uri} isChosen={connecting.from.value === node.uri} />;
            if (!entry) return null;
            return node.kind === 'pipe' ? (
              <PipeNode key={node.id} {...given} entry={entry} isChosen={opened !== undefined && node.id === pipeNodeId(opened)} />
            ) : (
              <GroupNode key={node.id} {...given} entry={entry} group={node.group} isChosen={false} />
            );
          })}
          <path class="rubber" d={connecting.line.value} />
        </Seen>
      </svg>
      <svg class="dots" aria-hidden="true">
        <Seen camera={camera}>
          <g ref={layer} />
        </Seen>
      </svg>
    </>
  );
}

function Seen({ camera, children }: { readonly camera: Camera; readonly children: ComponentChildren }) {
  const transform = useComputed(() => {
    const { x, y, scale } = camera.view.value;
    return `translate(${x} ${y}) scale(${scale})`;
  });
  return <g transform={transform.value}>{children}</g>;
}
