// What negotiating, committing and sealing add to an upload that goes straight to Swift, and whether its bytes pass the service.
import { megabytes, median, millis, type Figure } from './figures.ts';
import { trafficOf } from './process.ts';
import type { Swift } from './swift.ts';
import { TOP, XML_HEAD, creation, type World } from './world.ts';

const SIZES = [
  { words: '1 KiB', bytes: 1024, rounds: 25 },
  { words: '1 MiB', bytes: 1024 * 1024, rounds: 15 },
  { words: '64 MiB', bytes: 64 * 1024 * 1024, rounds: 5 },
] as const;
const CORE = 'ivo://ivoa.net/vospace/core#';

export async function negotiate(world: World, swift: Swift): Promise<Figure[]> {
  await world.call(creation(`${TOP}/sent`, 'ContainerNode'));
  const figures: Figure[] = [];
  for (const { words, bytes, rounds } of SIZES) {
    const body = new Uint8Array(bytes).fill(7);
    const added: number[] = [];
    const totals: number[] = [];
    const direct: number[] = [];
    let passed = 0;
    for (let round = -1; round < rounds; round++) {
      const alone = await timed(async () => put(await swift.sign('PUT', `direct-${bytes}`), body));
      const traffic = trafficOf(world.pid);
      const ours = await upload(world, `file-${bytes}-${round}`, body);
      if (round < 0) continue;
      passed += (trafficOf(world.pid) - traffic) / rounds;
      direct.push(alone);
      added.push(ours.added);
      totals.push(ours.total);
    }
    figures.push({
      name: `upload of ${words}, negotiation, commit and seal added (peer: Swift directly)`,
      ours: millis(median(totals)),
      peer: millis(median(direct)),
      value: median(added),
      unit: ' ms',
      target: { atMost: 60 },
    });
    if (bytes > 1e7) {
      figures.push({
        name: `the same, bytes read and written by the service`,
        ours: megabytes(passed),
        peer: megabytes(bytes),
        value: passed / bytes,
        target: { atMost: 0.01 },
      });
    }
  }
  return figures;
}

/** Milliseconds: the whole upload, and without the PUT itself. */
async function upload(world: World, name: string, bytes: Uint8Array<ArrayBuffer>): Promise<{ total: number; added: number }> {
  const start = performance.now();
  const target = `vos://localhost~vospace/${TOP}/sent/${name}`;
  const body = `<vos:transfer ${XML_HEAD}><vos:target>${target}</vos:target><vos:direction>pushToVoSpace</vos:direction><vos:protocol uri="${CORE}httpput"/><vos:param uri="${CORE}length">${bytes.length}</vos:param></vos:transfer>`;
  const answer = await world.call({ method: 'POST', path: '/vos/synctrans', headers: { 'Content-Type': 'text/xml' }, body });
  const job = new URL(answer.headers.get('Location') ?? '').pathname;
  const details = await world.call({ method: 'GET', path: job, headers: { Accept: 'application/json' } });
  const { protocols } = (await details.json()) as { protocols: { endpoint: string }[] };
  const url = protocols.map(({ endpoint }) => endpoint).find((endpoint) => !endpoint.startsWith(world.service));
  if (url === undefined) throw new Error('no URL in the store was offered');
  const putting = await timed(() => put(url, bytes));
  const phase = await (await world.call({ method: 'GET', path: job.replace(/results\/transferDetails$/, 'phase') })).text();
  if (phase !== 'COMPLETED') throw new Error(`the upload is ${phase}`);
  const total = performance.now() - start;
  return { total, added: total - putting };
}

async function put(url: string, body: Uint8Array<ArrayBuffer>): Promise<void> {
  const answer = await fetch(url, { method: 'PUT', body });
  await answer.body?.cancel();
  if (answer.status !== 201) throw new Error(`the store answered ${answer.status}`);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
