// A graph in layers from left to right, in the steps of Sugiyama, Tagawa and Toda (1981): loops are turned round, nodes get layers, lines get
// places in the layers that they pass, crossings are made fewer, and everything is moved near to what it is joined with.
import type { Point, Size } from './points.ts';

export interface Box extends Size {
  readonly id: string;
}

export interface Line {
  readonly from: string;
  readonly to: string;
  /** Units that it needs behind the layer in which it begins, as for a text on it. */
  readonly room?: number;
}

export interface Layered extends Size {
  /** The middles of boxes, by their ids. */
  readonly boxes: ReadonlyMap<string, Point>;
  /** Of each line, in their order: where it passes other layers. */
  readonly bends: readonly (readonly Point[])[];
}

/** Units between two layers, and around each box and each line in its layer. */
const BETWEEN_LAYERS = 60;
const [AROUND_BOX, AROUND_LINE] = [14, 8];
const MARGIN = 4;
/** How often layers are sorted, and moved, from one side to the other. */
const [SORTS, MOVES] = [16, 12];

/** A box, or a line in a layer that it passes: then it has no id and no size. */
interface Place extends Size {
  readonly id: string | undefined;
  readonly before: Place[];
  readonly after: Place[];
  layer: number;
  /** Of its middle. */
  y: number;
}

type Side = 'before' | 'after';

/** Lines end at boxes. What nothing joins is better laid out each by itself. */
export function layered(boxes: readonly Box[], lines: readonly Line[]): Layered {
  const places = new Map(boxes.map((box) => [box.id, placeOf(box)]));
  const straight = withoutLoops(boxes, lines);
  for (const { from, to } of straight) join(places.get(from), places.get(to));
  setLayers([...places.values()]);
  const chains = straight.map(({ from, to }) => passing(places.get(from), places.get(to)));
  const layers = inOrder([...places.values(), ...chains.flat()]);
  for (let turn = 0; turn < MOVES; turn++) moveAll(layers, turn % 2 === 0 ? ['before'] : ['after']);
  moveAll(layers, ['before', 'after']);
  return drawn(layers, chains, lines, straight, roomBehind(places, straight));
}

/** By the numbers of layers: what the lines need that begin there. */
function roomBehind(places: ReadonlyMap<string, Place>, lines: readonly Line[]): ReadonlyMap<number, number> {
  const rooms = new Map<number, number>();
  for (const { from, room = 0 } of lines) {
    const { layer = 0 } = places.get(from) ?? {};
    rooms.set(layer, Math.max(rooms.get(layer) ?? BETWEEN_LAYERS, room));
  }
  return rooms;
}

function placeOf({ id, width, height }: Size & { readonly id: string | undefined }): Place {
  return { id, width, height, before: [], after: [], layer: 0, y: 0 };
}

function join(from: Place | undefined, to: Place | undefined): void {
  if (!from || !to || from === to) return;
  from.after.push(to);
  to.before.push(from);
}

/** Lines that would lead back to where one comes from lead the other way. */
function withoutLoops(boxes: readonly Box[], lines: readonly Line[]): readonly Line[] {
  const outs = grouped(lines, ({ from }) => from);
  const turned = new Set<Line>();
  const state = new Map<string, 'open' | 'done'>();
  const visit = (id: string): void => {
    state.set(id, 'open');
    for (const line of outs.get(id) ?? [])
      if (state.get(line.to) === 'open') turned.add(line);
      else if (!state.has(line.to)) visit(line.to);
    state.set(id, 'done');
  };
  const entered = new Set(lines.map(({ to }) => to));
  // From where nothing comes, first: fewer lines have to be turned.
  for (const { id } of boxes) if (!entered.has(id)) visit(id);
  for (const { id } of boxes) if (!state.has(id)) visit(id);
  return lines.map((line) => (turned.has(line) ? { ...line, from: line.to, to: line.from } : line));
}

/** Each as far to the left as it can be; but what more leads out of than into, and what begins only for it, beside what follows it. */
function setLayers(places: readonly Place[]): void {
  const sorted: Place[] = [];
  const left = new Map(places.map((place) => [place, place.before.length]));
  const free = places.filter(({ before }) => before.length === 0);
  for (const place of free) {
    sorted.push(place);
    for (const next of place.after) {
      next.layer = Math.max(next.layer, place.layer + 1);
      left.set(next, (left.get(next) ?? 0) - 1);
      if (left.get(next) === 0) free.push(next);
    }
  }
  const loose = new Set<Place>();
  for (const place of sorted) if (place.before.every((one) => loose.has(one) && one.after.length === 1)) loose.add(place);
  for (const place of sorted.toReversed()) {
    const { before, after } = place;
    if (after.length > before.length || (after.length > 0 && loose.has(place)))
      place.layer = Math.min(...after.map(({ layer }) => layer)) - 1;
  }
}

/** Places for a line in the layers between its ends, which are joined by them from here on. */
function passing(from: Place | undefined, to: Place | undefined): readonly Place[] {
  if (!from || !to || to.layer - from.layer < 2) return [];
  const chain = Array.from({ length: to.layer - from.layer - 1 }, (_, at) => {
    const place = placeOf({ id: undefined, width: 0, height: 0 });
    place.layer = from.layer + 1 + at;
    return place;
  });
  from.after.splice(from.after.indexOf(to), 1);
  to.before.splice(to.before.indexOf(from), 1);
  [from, ...chain].forEach((one, at) => join(one, chain[at] ?? to));
  return chain;
}

/** The layers, each in an order with few crossings: by turns each is sorted by where its neighbours stand, and the best order is kept. */
function inOrder(places: readonly Place[]): readonly (readonly Place[])[] {
  const byLayer = grouped(places, ({ layer }) => layer);
  let layers = Array.from(byLayer.keys())
    .toSorted((a, b) => a - b)
    .map((layer) => byLayer.get(layer) ?? []);
  let [best, fewest] = [layers, crossings(layers)];
  for (let turn = 0; turn < SORTS && fewest > 0; turn++) {
    layers = sortedBy(layers, turn % 2 === 0 ? 'before' : 'after');
    const count = crossings(layers);
    if (count < fewest) [best, fewest] = [layers, count];
  }
  return best;
}

function sortedBy(layers: readonly Place[][], side: Side): Place[][] {
  const position = new Map(layers.flatMap((layer) => layer.map((place, at) => [place, at / layer.length] as const)));
  const result = [...layers];
  for (const at of along(layers, side)) {
    const layer = layers[at] ?? [];
    const key = new Map(layer.map((place) => [place, mean(place[side].map((one) => position.get(one) ?? 0)) ?? position.get(place) ?? 0]));
    const sorted = layer.toSorted((one, other) => (key.get(one) ?? 0) - (key.get(other) ?? 0));
    for (const [index, place] of sorted.entries()) position.set(place, index / sorted.length);
    result[at] = sorted;
  }
  return result;
}

/** The layers in the order in which each follows those on that side of it. */
function along(layers: readonly unknown[], side: Side): readonly number[] {
  const all = Array.from(layers.keys());
  return side === 'before' ? all : all.toReversed();
}

function crossings(layers: readonly (readonly Place[])[]): number {
  const position = new Map(layers.flatMap((layer) => layer.map((place, at) => [place, at] as const)));
  let count = 0;
  for (const layer of layers) {
    const ends = layer.map(({ after }) => after.map((one) => position.get(one) ?? 0));
    const seen: number[] = [];
    for (const some of ends) {
      for (const end of some) for (const above of seen) if (above > end) count++;
      seen.push(...some);
    }
  }
  return count;
}

/** Moves every layer towards what it is joined with on these sides. */
function moveAll(layers: readonly (readonly Place[])[], sides: readonly Side[]): void {
  for (const at of along(layers, sides[0] ?? 'before')) move(layers[at] ?? [], sides);
}

/**
 * Places come as near as their order and distances allow to the means of their neighbours: least squares, by taking together those that are in
 * each other's way (pool adjacent violators).
 */
function move(layer: readonly Place[], sides: readonly Side[]): void {
  const pools: { sum: number; weight: number; places: Place[] }[] = [];
  // Where each would stand if the first stood at zero and nothing were wished for.
  const packed = new Map<Place, number>();
  let [last, at]: [Place | undefined, number] = [undefined, 0];
  for (const place of layer) {
    at += last ? distance(last, place) : 0;
    packed.set(place, at);
    last = place;
    const wishes = sides.flatMap((side) => place[side].map((one) => ({ y: one.y, weight: pull(place, one) })));
    // Who is joined with nothing there stays, if nobody minds.
    if (wishes.length === 0) wishes.push({ y: place.y, weight: 0.01 });
    const weight = wishes.reduce((sum, wish) => sum + wish.weight, 0);
    let pool = { sum: wishes.reduce((sum, wish) => sum + wish.y * wish.weight, 0) - at * weight, weight, places: [place] };
    for (let above = pools.at(-1); above && above.sum / above.weight >= pool.sum / pool.weight; above = pools.at(-1)) {
      pools.pop();
      pool = { sum: above.sum + pool.sum, weight: above.weight + pool.weight, places: [...above.places, ...pool.places] };
    }
    pools.push(pool);
  }
  for (const { sum, weight, places } of pools) for (const place of places) place.y = sum / weight + (packed.get(place) ?? 0);
}

function distance(above: Place, below: Place): number {
  return (above.height + below.height) / 2 + around(above) + around(below);
}

function around({ id }: Place): number {
  return id === undefined ? AROUND_LINE : AROUND_BOX;
}

/** A line that passes several layers is straight before all else. */
function pull(one: Place, other: Place): number {
  return one.id === undefined && other.id === undefined ? 8 : one.id === undefined || other.id === undefined ? 2 : 1;
}

function drawn(
  layers: readonly (readonly Place[])[],
  chains: readonly (readonly Place[])[],
  lines: readonly Line[],
  straight: readonly Line[],
  rooms: ReadonlyMap<number, number>,
): Layered {
  const all = layers.flat();
  const top = Math.min(...all.map(({ y, height }) => y - height / 2)) - MARGIN;
  const spans = new Map<number, readonly [number, number]>();
  let [x, right] = [MARGIN, MARGIN];
  for (const layer of layers) {
    const number = layer[0]?.layer ?? 0;
    right = x + Math.max(...layer.map(({ width }) => width));
    spans.set(number, [x, right]);
    x = right + (rooms.get(number) ?? BETWEEN_LAYERS);
  }
  const spanOf = ({ layer }: Place): readonly [number, number] => spans.get(layer) ?? [0, 0];
  // Level where it passes between the boxes of a layer.
  const bends = chains.map((chain) => chain.flatMap((place) => spanOf(place).map((at) => ({ x: at, y: place.y - top }))));
  return {
    width: right + MARGIN,
    height: Math.max(...all.map(({ y, height }) => y + height / 2)) - top + MARGIN,
    boxes: new Map(
      all.flatMap((place) => (place.id === undefined ? [] : [[place.id, { x: mean([...spanOf(place)]) ?? 0, y: place.y - top }]])),
    ),
    bends: bends.map((some, at) => (lines[at] === straight[at] ? some : some.toReversed())),
  };
}

/** Undefined of nothing. */
function mean(numbers: readonly number[]): number | undefined {
  return numbers.length === 0 ? undefined : numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
}

/** As Map.groupBy, which not every runtime has. */
export function grouped<T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
