// Views of a node's bytes in another form: VOTable and CSV, and the headers of FITS files as text.
import { describe, expect, test } from 'vitest';
import { core } from './documents.ts';
import { endpoint, negotiate } from './negotiate.ts';
import { anonymous, expectFault, expectStatus, newUser, uriOf } from './world.ts';

const me = await newUser('data-views');
const VOTABLE = { 'content-type': 'application/x-votable+xml' };
const TABLE = `<VOTABLE version="1.4"><RESOURCE><TABLE><FIELD name="name" datatype="char" arraysize="*"/><FIELD name="ra" datatype="double"/>
<DATA><TABLEDATA><TR><TD>M 31, core</TD><TD>10.68</TD></TR><TR><TD>M42</TD><TD/></TR></TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>`;
const CSV = 'name,ra\r\n"M 31, core",10.68\r\nM42,\r\n';
const card = (text: string): string => text.padEnd(80);
const FITS = [
  card('SIMPLE  =                    T'),
  card('BITPIX  =                    8'),
  card('NAXIS   =                    0'),
  card("OBJECT  = 'M31     '"),
  card('END'),
]
  .join('')
  .padEnd(2880);

describe('a VOTable', () => {
  test('is given as CSV, by path and negotiated', async () => {
    const path = await me.stored(me.fresh('table'), TABLE, VOTABLE);
    const answer = await me.get(`/files${path}?view=csv`);
    expect([answer.status, answer.text, answer.header('content-type')]).toEqual([200, CSV, expect.stringContaining('text/csv')]);
    expect(answer.header('content-disposition')).toContain('.csv"');
    const url = endpoint(await negotiate(me, { target: uriOf(path), view: 'ivo://vopipe/views#csv' }));
    expect((await anonymous.get(url)).text).toBe(CSV);
    const head = await me.send('HEAD', `/files${path}?view=csv`);
    expect([head.status, head.text]).toEqual([200, '']);
  });

  test('asked for as a VOTable is given as it is', async () => {
    const path = await me.stored(me.fresh('table'), TABLE, VOTABLE);
    const url = endpoint(await negotiate(me, { target: uriOf(path), view: core('votable') }));
    expect((await anonymous.get(url)).text).toBe(TABLE);
  });

  test('is named as such by its name where its type says nothing', async () => {
    const path = await me.stored(`${me.fresh('table')}.vot`, TABLE);
    expect((await me.get(`/files${path}?view=csv`)).text).toBe(CSV);
  });

  test('that is none is refused before an answer begins', async () => {
    const path = await me.stored(me.fresh('table'), 'no table', VOTABLE);
    expectFault(await me.get(`/files${path}?view=csv`), 'InvalidArgument', 'no XML');
  });

  test('of 200,000 rows is given whole', async () => {
    const rows = Array.from({ length: 200_000 }, (_, i) => `<TR><TD>star ${i}</TD><TD>${i}.5</TD></TR>`).join('\n');
    const path = await me.stored(
      me.fresh('table'),
      TABLE.replace(/<TABLEDATA>[^]*<\/TABLEDATA>/, `<TABLEDATA>${rows}</TABLEDATA>`),
      VOTABLE,
    );
    const lines = (await me.get(`/files${path}?view=csv`)).text.trimEnd().split('\r\n');
    expect([lines.length, lines.at(-1)]).toEqual([200_001, 'star 199999,199999.5']);
  });
});

test('CSV is given as a VOTable whose types all rows have', async () => {
  const path = await me.stored(me.fresh('rows'), 'id,ra,name\n1,10.68,"a <b>"\n2,,c\n', { 'content-type': 'text/csv' });
  const answer = await me.get(`/files${path}?view=votable`);
  expectStatus(answer, 200);
  expect(answer.header('content-type')).toBe('application/x-votable+xml');
  expect(answer.text).toContain('name="id" datatype="long"');
  expect(answer.text).toContain('name="ra" datatype="double"');
  expect(answer.text).toContain('name="name" datatype="char" arraysize="*"');
  expect(answer.text).toContain('<TR><TD>2</TD><TD></TD><TD>c</TD></TR>');
});

test('the headers of FITS are given as text', async () => {
  const path = await me.stored(`${me.fresh('image')}.fits`, FITS);
  const answer = await me.get(`/files${path}?view=fits-header`);
  expect([answer.status, answer.text]).toEqual([
    200,
    "SIMPLE  =                    T\nBITPIX  =                    8\nNAXIS   =                    0\nOBJECT  = 'M31     '\nEND\n",
  ]);
});

test('a node provides the views that can be made of it, and no other', async () => {
  const provided = async (path: string): Promise<string[]> => {
    const answer = await me.get(`/nodes${path}`, { accept: 'application/json' });
    return (JSON.parse(answer.text) as { provides: { uri: string }[] }).provides
      .map(({ uri }) => uri)
      .filter((uri) => uri.startsWith('ivo://vopipe/'));
  };
  const [table, rows, image, other, container] = [
    await me.stored(me.fresh(), TABLE, VOTABLE),
    await me.stored(`${me.fresh()}.csv`, CSV),
    await me.stored(me.fresh(), FITS, { 'content-type': 'application/fits' }),
    await me.stored(`${me.fresh()}.fits`, 'x', { 'content-type': 'text/plain' }),
    await me.made(me.fresh()),
  ];
  const views = (...names: string[]) => names.map((name) => `ivo://vopipe/views#${name}`);
  expect(await provided(table)).toEqual(views('csv'));
  expect(await provided(rows)).toEqual(views('votable'));
  expect(await provided(image)).toEqual(views('fits-header'));
  expect(await provided(other)).toEqual([]);
  expect(await provided(container)).toEqual(views('tar', 'zip'));
  expectFault(await me.get(`/files${other}?view=fits-header`), 'ViewNotSupported');
  expectFault(
    await me.get(`/files${rows}?view=csv&target=${encodeURIComponent(uriOf(rows))}&target=${encodeURIComponent(uriOf(table))}`),
    'InvalidArgument',
  );
  expect((await anonymous.get('/views')).text).toContain('ivo://vopipe/views#fits-header');
});
