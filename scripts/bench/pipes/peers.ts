// Those with whom pipes are compared in one run: the bare log always, the others where they can be had.
import type { World } from '../world.ts';
import { bare } from './bare.ts';
import { durableStreams } from './durable-streams.ts';
import { nats } from './nats.ts';
import { ours } from './ours.ts';
import type { Peer } from './peer.ts';
import { redis } from './redis.ts';

/** Ours first, then the bare log. BENCH_PEERS=none leaves the other programs out. */
export async function withPeers<T>(world: World, work: (peers: readonly [Peer, Peer, ...Peer[]]) => Promise<T>): Promise<T> {
  const others: Peer[] = [];
  try {
    if (process.env['BENCH_PEERS'] !== 'none') {
      for (const [name, open] of Object.entries({ redis, nats, durableStreams })) {
        const peer = await open();
        if (peer) others.push(peer);
        else console.log(`${name}: not here, and not to be had`);
      }
    }
    return await work([ours(world), bare(world), ...others]);
  } finally {
    for (const peer of others) await peer.close();
  }
}
