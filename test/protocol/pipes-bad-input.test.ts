// Whatever is sent to pipes, the answer names what is wrong with it: never an error of the service. Random, from a seed.
import { expect, test } from 'vitest';
import { FAULTS } from '../../src/faults.ts';
import { formatPipeXml } from '../../src/xml/pipe.ts';
import type { PipeDocumentName } from '../../src/xml/pipe-shapes.ts';
import { Random } from '../support/random.ts';
import { base64, call, expectRefusal, newPipe, page, write } from './pipe-calls.ts';
import { expectStatus, newUser, ours } from './world.ts';

const ada = await newUser('pipe-input');
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const ROUNDS = 500;

const WEIRD = [
  null,
  true,
  -1,
  0,
  1.5,
  2 ** 60,
  '',
  ' ',
  'x',
  '\u0000',
  '../a',
  '%',
  '%2e%2e',
  'ä',
  'a'.repeat(3000),
  [],
  [[]],
  {},
  { a: 1 },
  '😀',
  '\ud800',
  'vos://x',
  '<a>',
];
const DOCUMENTS: readonly (readonly [method: string, path: string, name: PipeDocumentName, value: object])[] = [
  [
    'POST',
    '/pipes',
    'createPipe',
    {
      src: 'vos://x~y/a',
      dest: 'vos://x~y/b',
      options: { order: 'ready', retain: { kind: 'age', seconds: 5 } },
      access: { read: ['ivo://x/y?z'] },
      credentials: [{ authority: 'x~y', token: 't' }],
    },
  ],
  ['POST', '/pipes/ID', 'settings', { options: { maxChunks: 9 }, access: { write: ['ivo://x/y?z'] } }],
  [
    'POST',
    '/pipes/ID/chunks',
    'writeChunk',
    { name: 'a', size: 1, md5: '0cc175b9c0f1b6a831c399e269772661', data: 'YQ==', type: 'a/b', wait: 0 },
  ],
  ['POST', '/pipes/ID/chunks', 'writeChunk', { names: ['a', 'b'], consumed: { pipe: 'x', group: 'g', seq: 1, fence: 'f', output: 'o' } }],
  [
    'POST',
    '/pipes/ID/chunks',
    'writeChunk',
    {
      chunks: [
        { name: 'c', data: 'YQ==' },
        { name: 'd', size: 3 },
      ],
    },
  ],
  ['PUT', '/pipes/ID/groups/h', 'putGroup', { mode: 'shared', start: 'now', lease: 5, maxDeliveries: 3, expiresAfterIdle: 100 }],
  ['POST', '/pipes/ID/groups/g/claim', 'claim', { max: 1, lease: 5, timeout: 0 }],
  ['POST', '/pipes/ID/groups/g/ack', 'ack', { fences: ['1.1.aaaaaaaaaaaaaaaa'] }],
  ['POST', '/pipes/ID/groups/g/nack', 'nack', { fences: ['1.1.aaaaaaaaaaaaaaaa'], delay: 1 }],
  ['POST', '/pipes/ID/groups/g/extend', 'extend', { fences: ['1'], lease: 1 }],
];
const QUERIES = [
  '/pipes/ID/chunks?timeout=0&state=S&max=5&maxBytes=9&urls=0',
  '/pipes/ID/chunks/1/data?via=service',
  '/pipes/ID/dead?after=0&limit=3',
  '/pipes?src=vos://x/y&dest=vos://x/y',
  '/pipes/ID/groups/g/dead?after=0',
];

/** One value somewhere in it replaced, taken out, or put in. */
function mutate(random: Random, value: unknown): unknown {
  if (random.chance(0.25) || typeof value !== 'object' || value === null) return random.pick(WEIRD);
  if (Array.isArray(value))
    return value.length === 0 || random.chance(0.2)
      ? [...(value as unknown[]), random.pick(WEIRD)]
      : value.map((one, i) => (i === 0 ? mutate(random, one) : (one as unknown)));
  const entries = Object.entries(value);
  const [key = 'x', inner] = entries.length === 0 ? [] : random.pick(entries);
  if (random.chance(0.15)) return { ...value, [random.pick(['extra', '__proto__', 'total', 'final', 'name'])]: random.pick(WEIRD) };
  if (random.chance(0.15)) return Object.fromEntries(entries.filter(([name]) => name !== key));
  return { ...value, [key]: mutate(random, inner) };
}

function mutateText(random: Random, text: string): string {
  const at = random.below(text.length + 1);
  const cut = random.below(4);
  return text.slice(0, at) + random.pick(['', '<', '&', '"', '%', '\u0000', '=', '/', '9', '}', ']]>', '<!--', 'ä']) + text.slice(at + cut);
}

ours('a mutated request', () => {
  test(`of ${ROUNDS} gets an answer that says what is wrong, or succeeds (SEED=${seed})`, { timeout: 120_000 }, async () => {
    const random = new Random(seed);
    const { id } = await newPipe(ada);
    expectStatus(await call(ada, 'PUT', `/pipes/${id}/groups/g`, ['putGroup', {}]), 201);
    const wrong: string[] = [];
    for (let i = 0; i < ROUNDS; i++) {
      const [method, path, name, value] = random.pick(DOCUMENTS);
      let where = path.replace('ID', random.chance(0.95) ? id : random.pick(['x', '%00', '..', 'a'.repeat(500), id.slice(1)]));
      let body: string | undefined = JSON.stringify(mutate(random, value));
      if (random.chance(0.3)) body = mutateText(random, body);
      if (random.chance(0.3)) body = mutateText(random, formatPipeXml(name, value));
      let how = method;
      if (random.chance(0.25))
        [how, where, body] = [
          'GET',
          encodeURI(mutateText(random, random.pick(QUERIES).replace('ID', id)).replace(/^[^/]*/, '')),
          undefined,
        ];
      const accept = random.pick(['application/json', 'text/xml', '*/*', 'text/plain']);
      const key = random.chance(0.1) ? { 'idempotency-key': random.pick(['', ' ', 'k', 'x'.repeat(300)]) } : {};
      const answer = await ada.send(how, where, { headers: { accept, ...key }, ...(body !== undefined && { body }) });
      const says = answer.status < 400 || Object.keys(FAULTS).some((fault) => answer.text.includes(fault));
      if (answer.status >= 500 || !says)
        wrong.push(`${how} ${where} ${accept} ${body?.slice(0, 300) ?? ''} → ${answer.status} ${answer.text.slice(0, 200)}`);
    }
    expect(wrong).toEqual([]);
    await write(ada, id, { name: 'last', data: base64('still here') });
    expect((await page(ada, id, '?timeout=0&max=10000')).chunks.at(-1)).toMatchObject({ name: 'last' });
  });
});

ours('a document for pipes', () => {
  test('has a stated size at most, in JSON and in XML', async () => {
    const { id } = await newPipe(ada);
    const chunks = (count: number, bytes: number) => ({
      chunks: Array.from({ length: count }, (_, i) => ({ name: `c${i}`, data: 'A'.repeat(bytes) })),
    });
    expectStatus(await call(ada, 'POST', `/pipes/${id}/chunks`, ['writeChunk', chunks(190, 21_844)]), 201);
    expectStatus(await call(ada, 'POST', `/pipes/${id}/chunks`, ['writeChunk', chunks(150, 21_844)], { form: 'XML' }), 200);
    expectRefusal(await call(ada, 'POST', `/pipes/${id}/chunks`, ['writeChunk', chunks(200, 21_844)]), 'RequestEntityTooLarge', '4194304');
    expectRefusal(
      await call(ada, 'POST', `/pipes/${id}/close`, ['close', { total: 1, filler: 'x'.repeat(1_100_000) }]),
      'RequestEntityTooLarge',
    );
    expectRefusal(await call(ada, 'POST', `/pipes/${id}/chunks`, ['writeChunk', chunks(501, 0)]), 'InvalidArgument', '500');
  });

  test('in XML has its members in elements: an attribute that would be one does not go unnoticed', async () => {
    const { id } = await newPipe(ada);
    const send = (attributes: string) =>
      ada.send('POST', `/pipes/${id}/chunks`, {
        headers: { accept: 'application/json' },
        body: `<writeChunk xmlns="urn:vopipe:1" ${attributes}><name>a</name><data>YQ==</data></writeChunk>`,
      });
    expectRefusal(await send('final="true"'), 'InvalidArgument', 'final');
    const location = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:vopipe:1 vopipe.xsd"';
    expectStatus(await send(location), 201);
  });
});
