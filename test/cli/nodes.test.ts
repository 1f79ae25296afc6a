// ls, tree, cat, mkdir, rm, mv and ln, and the patterns by which they name nodes.
import { describe, expect, test } from 'vitest';
import { put, statusOf } from './support/files.ts';
import { makePerson } from './support/vopipe.ts';

const person = await makePerson();
const other = await makePerson();
// A user's own container is made at the first request.
await put(other, ['own']);
const { home, run } = person;
/** Odd, but names all the same; the last one would turn the line around. */
const ODD = ['-rf', '50% done', 'a*b', 'm[1]', 'naïve ü', 'what?', '星図', 'x\u202ey'] as const;

describe('mkdir', () => {
  test('makes containers, with -p also those on the way and none twice', async () => {
    expect((await run(['mkdir', `${home}/made/deep`])).code).toBe(3);
    const all = await run(['mkdir', '-p', '--json', `${home}/made/deep/er`]);
    expect([all.code, all.lines<{ uri: string }>().map(({ uri }) => uri.split('/').at(-1))]).toEqual([0, ['made', 'deep', 'er']]);
    const again = await run(['mkdir', `${home}/made`]);
    expect([again.code, again.err]).toEqual([5, expect.stringContaining('DuplicateNode')]);
    expect(await run(['mkdir', '-pv', `${home}/made`])).toMatchObject({ code: 0, out: '', err: '' });
  });

  test('does not take a file for a container', async () => {
    await put(person, ['plain']);
    expect((await run(['mkdir', '-p', `${home}/plain`])).code).toBe(5);
  });

  test('where one may not write is refused, and the others are made', async () => {
    const { code, err } = await run(['mkdir', `${other.home}/mine`, `${home}/allowed`]);
    expect([code, err]).toEqual([7, expect.stringContaining('PermissionDenied')]);
    expect(await statusOf(person, 'allowed')).toBe(200);
  });
});

describe('ls', () => {
  test('shows odd names so that they cannot change the line, and finds them by quoting', async () => {
    await run(['mkdir', `${home}/odd`]);
    for (const name of ODD) await put(person, ['odd', name], name);
    const { code, out } = await run(['ls', `${home}/odd`]);
    expect(code).toBe(0);
    expect(out.trimEnd().split('\n').toSorted()).toEqual(ODD.map((name) => name.replace('\u202e', '\\u{202e}')).toSorted());
    for (const name of ODD) {
      const quoted = name.replaceAll(/[*?[]/g, String.raw`\$&`);
      expect(await run(['cat', `${home}/odd/${quoted}`]), name).toMatchObject({ code: 0, out: name });
    }
  });

  test('lists several, sorts, and tells whole documents', async () => {
    await run(['mkdir', `${home}/sorted`, `${home}/sorted/inner`]);
    await put(person, ['sorted', 'small'], 'x');
    await put(person, ['sorted', 'large'], 'x'.repeat(5000));
    const lines = (out: string): readonly string[] => out.trimEnd().split('\n');
    expect(lines((await run(['ls', `${home}/sorted`])).out)).toEqual(['inner/', 'large', 'small']);
    expect(lines((await run(['ls', '-r', `${home}/sorted`])).out)).toEqual(['small', 'large', 'inner/']);
    expect(lines((await run(['ls', '--sort', 'size', `${home}/sorted`])).out)).toEqual(['large', 'small', 'inner/']);
    expect(lines((await run(['ls', '-d', `${home}/sorted`])).out)).toEqual([`${home}/sorted/`]);
    const both = await run(['ls', `${home}/sorted/small`, `${home}/sorted`]);
    expect(both.out).toBe(`${home}/sorted/small\n\n${home}/sorted:\ninner/\nlarge\nsmall\n`);
    const long = await run(['ls', '-l', `${home}/sorted`]);
    expect(lines(long.out)[1]).toMatch(
      new RegExp(String.raw`^-rw---- {2}${person.user} {2}4\.9 KiB {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}large$`),
    );
    expect((await run(['ls', '-lb', `${home}/sorted/large`])).out).toContain('  5000  ');
    const json = await run(['ls', '--json', `${home}/sorted`]);
    expect(json.lines<{ type: string; properties: object }>()[1]).toMatchObject({
      type: 'DataNode',
      properties: { 'ivo://ivoa.net/vospace/core#length': '5000' },
    });
  });

  test('refuses what no name can be, before anything is sent', async () => {
    expect((await run(['ls', `${home}/../x`])).code).toBe(2);
    expect((await run(['ls', `${home}/a\nb`])).code).toBe(2);
    expect((await run(['ls', 'vos://example.org~x/%zz'])).code).toBe(2);
  });

  test('keeps to the rights of who asks', async () => {
    const { code, err } = await run(['ls', other.home]);
    expect([code, err]).toEqual([4, expect.stringContaining('PermissionDenied')]);
  });
});

describe('a pattern', () => {
  test('stands for the names that match, at any depth', async () => {
    await run(['mkdir', '-p', `${home}/glob/n1`, `${home}/glob/n2`, `${home}/glob/m`]);
    for (const at of ['n1', 'n2', 'm']) await put(person, ['glob', at, 'log.txt'], at);
    await put(person, ['glob', 'n1', 'a.fits']);
    await put(person, ['glob', 'new'], 'n');
    const found = async (pattern: string): Promise<string> => (await run(['cat', `${home}/glob/${pattern}`])).out;
    expect(await found('*/log.txt')).toBe('mn1n2');
    expect(await found('n?/l*')).toBe('n1n2');
    expect(await found('[a-m]/log*')).toBe('m');
    expect(await found('[!m]*/log*')).toBe('n1n2');
    expect(await found('ne*')).toBe('n');
    const authority = (await run(['ls', '-d', '--json', home])).lines<{ uri: string }>()[0]?.uri ?? '';
    expect((await run(['cat', `${authority}/glob/n*/log%2Etxt`])).out).toBe('n1n2');
  });

  test('that nothing matches keep no other argument from being done', async () => {
    await put(person, ['there'], 'is there');
    const words = expect.stringContaining('nothing matches') as string;
    for (const command of ['cat', 'ls', 'props', 'du'])
      expect(await run([command, `${home}/no*`, `${home}/there`])).toMatchObject({
        code: 7,
        out: expect.stringContaining('there') as string,
        err: words,
      });
    expect(await run(['rm', `${home}/no*`, `${home}/there`])).toMatchObject({ code: 7, err: words });
    expect((await run(['ls', `${home}/there`])).code).toBe(3);
    expect(await run(['cat', `${home}/no*`, `${home}/none*`])).toMatchObject({ code: 3, out: '' });
  });

  test('that nothing matches says so', async () => {
    await run(['mkdir', '-p', `${home}/glob`]);
    const { code, err } = await run(['cat', `${home}/glob/z*`]);
    expect([code, err]).toEqual([3, expect.stringContaining('nothing matches')]);
    expect((await run(['mkdir', `${home}/glob/z*`])).code).toBe(2);
  });
});

describe('tree', () => {
  test('draws what is below, to a depth', async () => {
    await run(['mkdir', '-p', `${home}/wood/a/b`, `${home}/wood/z`]);
    await put(person, ['wood', 'a', 'b', 'leaf\u2066'], 'x');
    const { out } = await run(['tree', `${home}/wood`]);
    expect(out.split('\n').slice(1)).toEqual([
      '├── a/',
      '│   └── b/',
      String.raw`│       └── leaf\u{2066}`,
      '└── z/',
      '',
      '3 containers, 1 other node',
      '',
    ]);
    expect((await run(['tree', '-d', '-L', '1', `${home}/wood`])).out).not.toContain('── b/');
    expect((await run(['tree', '--json', `${home}/wood`])).lines()).toHaveLength(4);
    expect(await run(['tree', `${home}/nowhere`])).toMatchObject({ code: 3, out: '' });
  });
});

describe('cat', () => {
  test('writes bytes as they are, of several nodes and of standard input, and of a range', async () => {
    const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7) % 251));
    await put(person, ['bytes'], bytes);
    expect((await run(['cat', `${home}/bytes`])).bytes.equals(bytes)).toBe(true);
    await put(person, ['text'], 'abcdef');
    expect((await run(['cat', `${home}/text`, '-', `${home}/text`], '|')).out).toBe('abcdef|abcdef');
    expect((await run(['cat', '--range', '1-2', `${home}/text`])).out).toBe('bc');
    expect((await run(['cat', '-r', '4-', `${home}/text`])).out).toBe('ef');
    expect((await run(['cat', '-r', '9-', `${home}/text`])).code).toBe(1);
    expect((await run(['cat', '-r', '3-1', `${home}/text`])).code).toBe(2);
  });

  test('with --json tells bytes in lines, and where they begin', async () => {
    await put(person, ['told'], Buffer.from([0, 255, 10, 13, 65]));
    const { code, lines } = await run(['cat', '--json', '-r', '1-', `${home}/told`]);
    const told = lines<{ uri: string; offset: number; data: string }>();
    expect([code, told[0]?.uri.endsWith('/told'), told[0]?.offset]).toEqual([0, true, 1]);
    expect(Buffer.concat(told.map(({ data }) => Buffer.from(data, 'base64')))).toEqual(Buffer.from([255, 10, 13, 65]));
    expect((await run(['cat', '--json', '-'], 'in')).lines()).toEqual([{ offset: 0, data: 'aW4=' }]);
  });

  test('goes on after what is not there, and says so by its exit code', async () => {
    await put(person, ['there'], 'yes');
    expect(await run(['cat', `${home}/missing`, `${home}/there`])).toMatchObject({ code: 7, out: 'yes' });
    expect((await run(['cat', home])).code).not.toBe(0);
  });
});

describe('rm', () => {
  test('deletes nodes, and containers only with -r', async () => {
    await run(['mkdir', '-p', `${home}/gone/inner`]);
    await put(person, ['gone', 'inner', 'x']);
    const refused = await run(['rm', `${home}/gone`]);
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('rm -r')]);
    const { code, lines } = await run(['rm', '-r', '--json', `${home}/gone`]);
    expect([code, lines()]).toEqual([0, [{ deleted: expect.stringMatching(/\/gone$/) as string, nodes: 3 }]]);
    expect(await statusOf(person, 'gone')).toBe(404);
  });

  test('what is named beside the container that it lies in goes with it, whichever is first', async () => {
    const inner = Array.from({ length: 12 }, (_, i) => `${home}/around/${i}`);
    await run(['mkdir', '-p', ...inner]);
    expect(await run(['rm', '-r', `${home}/around`, ...inner])).toMatchObject({ code: 0, err: '' });
    expect(await statusOf(person, 'around')).toBe(404);
    expect((await run(['rm', '-r', `${home}/around`])).code).not.toBe(0);
  });

  test('with -f lets what is not there be, and deletes the rest', async () => {
    await put(person, ['one']);
    expect((await run(['rm', '-f', `${home}/none`, `${home}/no*ne`, `${home}/one`])).code).toBe(0);
    expect(await statusOf(person, 'one')).toBe(404);
    expect((await run(['rm', `${home}/one`])).code).toBe(3);
  });

  test('deletes many by a pattern', async () => {
    await run(['mkdir', `${home}/many`]);
    for (let i = 0; i < 30; i++) await put(person, ['many', `${i}.tmp`], '');
    await put(person, ['many', 'kept.txt']);
    const { code, lines } = await run(['rm', '--json', `${home}/many/*.tmp`]);
    expect([code, lines().length]).toEqual([0, 30]);
    expect((await run(['ls', `${home}/many`])).out).toBe('kept.txt\n');
  });

  test('takes a link and not what it leads to', async () => {
    await put(person, ['kept']);
    await run(['ln', `${home}/kept`, `${home}/toKept`]);
    expect((await run(['rm', `${home}/toKept`])).code).toBe(0);
    expect([await statusOf(person, 'kept'), await statusOf(person, 'toKept')]).toEqual([200, 404]);
  });

  test('of a tree with something locked in it says what is left', async () => {
    await run(['mkdir', `${home}/part`]);
    await put(person, ['part', 'locked']);
    await put(person, ['part', 'free']);
    const uri = (await run(['ls', '-d', '--json', `${home}/part/locked`])).lines<{ uri: string }>()[0]?.uri ?? '';
    const lock = { uri, properties: { 'ivo://cadc.nrc.ca/vospace/core#islocked': 'true' } };
    await person.client.post(`/nodes/${person.user}/part/locked`, JSON.stringify(lock), 'application/json');
    const { code, err } = await run(['rm', '-r', `${home}/part`]);
    expect([code, err]).toEqual([7, expect.stringMatching(/NodeLocked.*locked/)]);
    expect([await statusOf(person, 'part', 'locked'), await statusOf(person, 'part', 'free')]).toEqual([200, 404]);
  });
});

describe('mv', () => {
  test('renames, and moves several into a container', async () => {
    await run(['mkdir', `${home}/into`]);
    for (const name of ['m1', 'm2', 'm3']) await put(person, [name], name);
    const renamed = await run(['mv', '--json', `${home}/m1`, `${home}/first`]);
    expect(renamed.lines()).toEqual([{ from: expect.stringMatching(/m1$/) as string, to: expect.stringMatching(/first$/) as string }]);
    expect((await run(['mv', `${home}/m[23]`, `${home}/into`])).code).toBe(0);
    expect((await run(['cat', `${home}/first`, `${home}/into/m2`, `${home}/into/m3`])).out).toBe('m1m2m3');
  });

  test('replaces nothing, and does not guess where a container is missing', async () => {
    await put(person, ['stays'], 'old');
    await put(person, ['comes'], 'new');
    expect((await run(['mv', `${home}/comes`, `${home}/stays`])).code).toBe(5);
    expect((await run(['mv', `${home}/comes`, `${home}/nowhere/`])).code).toBe(3);
    expect((await run(['mv', `${home}/comes`, `${home}/stays`, `${home}/nowhere`])).code).toBe(3);
    expect((await run(['cat', `${home}/stays`, `${home}/comes`])).out).toBe('oldnew');
  });
});

describe('ln', () => {
  test('links to nodes and URLs, also into a container', async () => {
    await put(person, ['target'], 'linked');
    await run(['mkdir', `${home}/links`]);
    expect((await run(['ln', `${home}/target`, `${home}/links`])).code).toBe(0);
    expect((await run(['ln', '-s', 'https://example.org/a%20b', `${home}/links`])).code).toBe(0);
    expect((await run(['cat', `${home}/links/target`])).out).toBe('linked');
    expect((await run(['ls', '-l', `${home}/links`])).out).toContain('a b -> https://example.org/a%20b');
  });

  test('replaces a link only when asked, and nothing else', async () => {
    await put(person, ['file'], 'file');
    await put(person, ['aim'], 'aim');
    await run(['ln', `${home}/aim`, `${home}/link`]);
    expect((await run(['ln', `${home}/aim`, `${home}/link`])).code).toBe(5);
    await run(['props', `${home}/link`, 'title=Kept']);
    const { code, lines } = await run(['ln', '-f', '--json', `${home}/file`, `${home}/link`]);
    expect([code, lines<{ target: string }>()[0]?.target]).toEqual([0, expect.stringMatching(/\/file$/)]);
    expect((await run(['props', `${home}/link`, 'title'])).out).toBe('Kept\n');
    expect((await run(['ln', '-f', 'urn:<nowhere>', `${home}/link`])).code).toBe(1);
    expect((await run(['cat', `${home}/link`])).out).toBe('file');
    expect((await run(['ln', '-f', `${home}/aim`, `${home}/file`])).code).toBe(5);
    expect((await run(['ln', 'target', `${home}/x`])).code).toBe(2);
  });
});
