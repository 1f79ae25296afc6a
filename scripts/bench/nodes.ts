// getNode and createNode through everything, beside a bare Durable Object on the same runtime and Swift's HEAD.
import { median, micros, perSecond, ratio, type Figure } from './figures.ts';
import { drive, type Request } from './load.ts';
import { cpuOf } from './process.ts';
import { creation, TOP, type World } from './world.ts';

const CONNECTIONS = 32;
const SECONDS = 1.2;
const ROUNDS = 7;

interface Side {
  readonly url: string;
  readonly request: (i: number) => Request;
  /** Of whom CPU time is measured. */
  readonly pid?: number;
  /** Microseconds of CPU per request, and requests per second, one of each per round. */
  readonly cpu: number[];
  readonly rate: number[];
  sent: number;
}

const side = (url: string, request: Side['request'], pid?: number): Side => ({
  url,
  request,
  cpu: [],
  rate: [],
  sent: 0,
  ...(pid === undefined ? {} : { pid }),
});

/** Each round takes every side once; a first round warms up and does not count. */
async function rounds(sides: readonly Side[]): Promise<void> {
  for (let round = 0; round <= ROUNDS; round++) {
    for (const one of sides) {
      const before = one.pid === undefined ? 0 : cpuOf(one.pid);
      const { requests, perSecond: rate } = await drive(
        { url: one.url, request: one.request, connections: CONNECTIONS, seconds: SECONDS },
        one.sent,
      );
      // Those under way at the end are counted as well.
      one.sent += requests + CONNECTIONS;
      if (round === 0) continue;
      if (one.pid !== undefined) one.cpu.push((cpuOf(one.pid) - before) / requests);
      one.rate.push(rate);
    }
  }
}

export async function getNode(world: World): Promise<Figure[]> {
  const { authorization, swift } = world;
  const core = 'ivo://ivoa.net/vospace/core#';
  await world.call(creation(`${TOP}/read`, 'ContainerNode'));
  await world.call(
    creation(`${TOP}/read/one`, 'DataNode', [
      [`${core}title`, 'A title'],
      [`${core}description`, 'Some words'],
      ['urn:x:own', '1'],
    ]),
  );
  const ours = side(
    world.service,
    () => ({ method: 'GET', path: `/vos/nodes/${TOP}/read/one`, headers: { Authorization: authorization } }),
    world.pid,
  );
  const bare = side(world.bare, () => ({ method: 'GET', path: '/one' }), world.pid);
  const sides = [ours, bare];
  let head: Side | undefined;
  if (swift) {
    await swift.put('one', new Uint8Array(1024));
    const url = new URL(await swift.sign('HEAD', 'one'));
    head = side(url.origin, () => ({ method: 'HEAD', path: url.pathname + url.search }));
    sides.push(head);
  }
  await rounds(sides);
  const figures = [
    ratio('getNode, CPU per request (peer: bare object, one read)', median(ours.cpu), median(bare.cpu), micros, { atMost: 2 }),
    ratio('getNode, requests at 32 connections (peer: the same)', median(ours.rate), median(bare.rate), perSecond),
  ];
  if (head)
    figures.push(
      ratio("getNode, requests at 32 connections (peer: Swift's HEAD)", median(ours.rate), median(head.rate), perSecond, { atLeast: 4 }),
    );
  return figures;
}

export async function createNode(world: World): Promise<Figure[]> {
  const { authorization } = world;
  await world.call(creation(`${TOP}/made`, 'ContainerNode'));
  const ours = side(
    world.service,
    (i) => {
      const request = creation(`${TOP}/made/node-${i}`, 'DataNode');
      return { ...request, headers: { ...request.headers, Authorization: authorization } };
    },
    world.pid,
  );
  const bare = side(world.bare, (i) => ({ method: 'PUT', path: `/row-${i}`, body: 'a value' }), world.pid);
  await rounds([ours, bare]);
  return [
    ratio('createNode, CPU per request (peer: bare object, one insert)', median(ours.cpu), median(bare.cpu), micros, { atMost: 2 }),
    ratio('createNode, requests at 32 connections (peer: the same)', median(ours.rate), median(bare.rate), perSecond),
  ];
}
