// Opt-in extraction: in containers that ask for it, the headers of FITS files and VOTables become properties of their nodes.
import { expect, test } from 'vitest';
import { core } from './documents.ts';
import { endpoint, negotiate } from './negotiate.ts';
import { anonymous, expectStatus, newUser, uriOf } from './world.ts';

const EXTRACT = 'ivo://vopipe/properties#extract';
const me = await newUser('extraction');
const card = (text: string): string => text.padEnd(80);
const fits = (object: string, ...more: string[]): string =>
  [
    card('SIMPLE  =                    T'),
    card('BITPIX  =                    8'),
    card('NAXIS   =                    0'),
    card(`OBJECT  = '${object}'`),
    ...more.map(card),
    card('END'),
  ]
    .join('')
    .padEnd(2880);
const FITS = { 'content-type': 'application/fits' };
const TABLE = `<VOTABLE><RESOURCE><TABLE name="stars"><DESCRIPTION>Bright stars</DESCRIPTION>
<FIELD name="ra" datatype="double" unit="deg" ucd="pos.eq.ra"/><FIELD name="dec" datatype="double" unit="deg" ucd="pos.eq.dec"/>
<DATA><TABLEDATA><TR><TD>1</TD><TD>2</TD></TR></TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>`;

async function extracted(path: string): Promise<Record<string, string>> {
  const answer = await me.get(`/nodes${path}`, { accept: 'application/json' });
  expectStatus(answer, 200);
  const { properties } = JSON.parse(answer.text) as { properties: Record<string, string> };
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([uri]) => /^ivo:\/\/vopipe\/(fits|votable)#/.test(uri))
      .map(([uri, value]) => [uri.replace('ivo://vopipe/', ''), value]),
  );
}

const eventually = (path: string) => expect.poll(() => extracted(path), { timeout: 20_000, interval: 100 });

test('FITS keywords become properties, and follow the bytes', async () => {
  const top = await me.made(me.fresh(), { properties: { [EXTRACT]: 'true' } });
  await me.made(`${top}/below`);
  const path = await me.stored(`${top}/below/image`, fits('M31', 'EXPTIME =                30.25 / seconds', 'COMMENT nothing'), FITS);
  await eventually(path).toEqual({ 'fits#OBJECT': 'M31', 'fits#EXPTIME': '30.25', 'fits#BITPIX': '8', 'fits#NAXIS': '0' });
  await me.stored(path, fits('M42'), FITS);
  await eventually(path).toEqual({ 'fits#OBJECT': 'M42', 'fits#BITPIX': '8', 'fits#NAXIS': '0' });
});

test('so does what a VOTable says of its table, also when it went straight to the store', async () => {
  const top = await me.made(me.fresh(), { properties: { [EXTRACT]: 'true' } });
  const path = `${top}/stars.vot`;
  const url = endpoint(await negotiate(me, { target: uriOf(path), direction: 'pushToVoSpace', protocols: [core('httpput')] }));
  expectStatus(await anonymous.send('PUT', url, { body: TABLE }), 201);
  await eventually(path).toEqual({
    'votable#table': 'stars',
    'votable#description': 'Bright stars',
    'votable#fields': 'ra dec',
    'votable#units': 'deg',
    'votable#ucds': 'pos.eq.ra pos.eq.dec',
  });
});

test('nothing is extracted where no container asks for it, or the nearest one asks for nothing', async () => {
  const [plain, asking] = [await me.made(me.fresh()), await me.made(me.fresh(), { properties: { [EXTRACT]: 'true' } })];
  const off = await me.made(`${asking}/off`, { properties: { [EXTRACT]: 'false' } });
  const [first, second] = [await me.stored(`${plain}/image`, fits('M31'), FITS), await me.stored(`${off}/image`, fits('M31'), FITS)];
  const last = await me.stored(`${asking}/image`, fits('M31'), FITS);
  await eventually(last).toMatchObject({ 'fits#OBJECT': 'M31' });
  expect([await extracted(first), await extracted(second)]).toEqual([{}, {}]);
});

test('a file that is not what its type says is left as it is, and its job says why', async () => {
  const top = await me.made(me.fresh(), { properties: { [EXTRACT]: 'true' } });
  const path = await me.stored(`${top}/image`, 'no FITS at all'.repeat(500), FITS);
  await expect
    .poll(async () => (await me.get('/transfers?PHASE=ERROR&LAST=1')).text, { timeout: 20_000, interval: 100 })
    .toContain('ERROR');
  expect(await extracted(path)).toEqual({});
  expect(await me.bytes(path)).toContain('no FITS');
});
