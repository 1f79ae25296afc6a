// `vopipe flow …`: a dataflow declared in a file, set up, run, watched, drawn and removed.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { pipes, type PipeDocument } from '../../src/client/pipes.ts';
import { eventually, piping, readAll, textOf } from './support/pipes.ts';
import { makePerson, start, service } from './support/vopipe.ts';

const person = await makePerson();
const { space, uri } = await piping(person);
const { run, home } = person;

/** A file with this flow, in a home of its own. */
function flowFile(name: string, body: string): string {
  const path = join(person.directory, `${name}.yaml`);
  writeFileSync(path, `flow: ${name}\nhome: ${home}/${name}\n${body}`);
  return path;
}

const TWO_STAGES = `
pipes:
  raw: { from: out, to: work, retain: 2h }
  upper: { from: upped, to: sorted, order: ready }
  final: { from: ended, to: results, groups: [look] }
stages:
  up:
    in: raw
    out: upper
    run: tr a-z A-Z
    parallel: 2
    name: '{stem}.up'
  end:
    in: upper
    out: final
    run: sh -c 'cat {} > {out}; printf "$MARK" >> {out}'
    env: { MARK: '!' }
    inline: true
`;

async function ownPipes(name: string): Promise<readonly PipeDocument[]> {
  const found: PipeDocument[] = [];
  for await (const pipe of pipes(space).list()) if (pipe.src.includes(`/${name}/`)) found.push(pipe);
  return found;
}

describe('a flow', () => {
  test('is set up, run to its end by its stages, and removed', async () => {
    const file = flowFile('whole', TWO_STAGES);
    const dry = await run(['flow', 'up', file, '--dry-run']);
    expect(dry.out).toContain(`+ pipe raw: ${uri('whole/out')} → ${uri('whole/work')} (retain 2h)`);
    expect(await ownPipes('whole')).toEqual([]);
    const up = await run(['flow', 'up', file]);
    expect([up.code, up.out]).toEqual([0, expect.stringContaining('+ group look of final')]);
    expect(await ownPipes('whole')).toHaveLength(3);
    expect(await run(['flow', 'up', file])).toMatchObject({
      code: 0,
      out: '',
      err: expect.stringContaining('everything is as it is declared') as string,
    });

    for (const name of ['a.txt', 'b.txt']) await space.upload([person.user, 'whole', 'out', name], `bytes of ${name}`);
    expect((await run(['pipe', 'write', `${home}/whole/out`, 'a.txt', 'b.txt', '--final'])).code).toBe(0);
    const ran = await run(['flow', 'run', file]);
    expect([ran.code, ran.err]).toEqual([0, expect.stringMatching(/up: 2 chunks done, the pipe is closed[^]*end: 2 chunks done/)]);
    const [last] = (await ownPipes('whole')).filter(({ src }) => src.endsWith('/ended'));
    const pipe = pipes(space).open(last?.pipe ?? '');
    const texts = await Promise.all((await readAll(pipe, 'closed')).map((chunk) => textOf(pipe, chunk)));
    expect(texts.toSorted()).toEqual(['BYTES OF A.TXT!', 'BYTES OF B.TXT!']);

    const status = await run(['flow', 'status', file]);
    expect(status.out).toMatch(/raw +closed +2\/2[^]* {2}up +group +2\n[^]*final +closed +2\/2[^]* {2}look +group +0 +2 to do/);
    const down = await run(['flow', 'down', file, '--force', '--purge']);
    expect([down.code, down.out]).toEqual([0, expect.stringContaining('- pipe raw')]);
    expect(await ownPipes('whole')).toEqual([]);
    expect((await run(['flow', 'down', file])).err).toContain('nothing is there');
    expect((await run(['flow', 'up', file, '--run', '--until', 'tail'])).code).toBe(0);
  });

  test('is changed to what its file says by then, and only that', async () => {
    const file = flowFile(
      'changed',
      'pipes:\n  a: { from: one, to: two, maxChunks: 10, groups: { g: { lease: 20 } } }\n  b: { from: three, to: four }\n',
    );
    expect((await run(['flow', 'up', file])).code).toBe(0);
    const [before] = (await ownPipes('changed')).filter(({ src }) => src.endsWith('/one'));
    flowFile(
      'changed',
      'pipes:\n  a: { from: one, to: two, maxChunks: 20, groups: { g: { lease: 30 }, h: {} } }\n  c: { from: five, to: six }\n',
    );
    const { out } = await run(['flow', 'up', file]);
    expect(out.split('\n').toSorted().join('\n').trim()).toBe(
      [
        '+ group h of a',
        `+ pipe c: ${uri('changed/five')} → ${uri('changed/six')}`,
        `- pipe b: ${uri('changed/three')} → ${uri('changed/four')} (it is not declared any more)`,
        '~ group g of a (lease 30s)',
        '~ pipe a (maxChunks 20)',
      ]
        .toSorted()
        .join('\n'),
    );
    const found = await pipes(space).describe(before?.pipe ?? '');
    expect(found).toMatchObject({ options: { maxChunks: 20 }, groups: [{ group: 'g', lease: 30 }, { group: 'h' }] });
    expect((await ownPipes('changed')).map(({ src }) => src.split('/').at(-1)).toSorted()).toEqual(['five', 'one']);
    flowFile(
      'changed',
      'pipes:\n  a: { from: one, to: two, groups: [g], read: ivo://x.example~vospace/gms?team }\n  c: { from: five, to: six }\n',
    );
    expect((await run(['flow', 'up', file])).out).toBe(
      '~ pipe a (read ["ivo://x.example~vospace/gms?team"])\n- group h of a (it is not declared any more)\n',
    );
    expect((await run(['flow', 'up', file])).out).toBe('');
    expect((await pipes(space).describe(before?.pipe ?? '')).groups).toMatchObject([{ group: 'g' }]);
    flowFile('changed', 'pipes:\n  a: { from: one, to: two, order: ready, groups: [g] }\n  c: { from: five, to: six }\n');
    expect(await run(['flow', 'up', file])).toMatchObject({ code: 7, err: expect.stringContaining('pipes.a.order is "write"') as string });
  });

  test('uses a pipe that is there, and leaves it', async () => {
    const there = await pipes(space).create({ src: uri('before'), dest: uri('after') });
    const file = flowFile('joined', `pipes:\n  p: { from: ${home}/before, to: ${home}/after, groups: [mine] }\n`);
    expect((await run(['flow', 'up', file])).out).toContain(`= pipe p: ${there.id}, which is there already`);
    expect((await there.describe()).groups).toMatchObject([{ group: 'mine' }]);
    expect((await run(['flow', 'up', file])).out).toBe('');
    expect((await run(['flow', 'down', file])).out).toContain('- pipe p: no longer the flow');
    expect(await there.describe()).toMatchObject({ condition: 'open', groups: [] });
  });

  test('goes on where an up was killed, with no pipe made twice', async () => {
    const file = flowFile('killed', TWO_STAGES);
    for (const after of [150, 300, 450, 600]) {
      const running = person.begin(['flow', 'up', file]);
      await Promise.race([running.ended, new Promise((resolve) => setTimeout(resolve, after))]);
      running.process.kill('SIGKILL');
      await running.ended;
    }
    expect((await run(['flow', 'up', file])).code).toBe(0);
    expect((await ownPipes('killed')).map(({ src }) => src.split('/').at(-1)).toSorted()).toEqual(['ended', 'out', 'upped']);
    expect((await run(['flow', 'up', file])).out).toBe('');
  });

  test('is set up by several at the same time as by one', async () => {
    const file = flowFile('several', TWO_STAGES);
    const ups = await Promise.all(
      [0, 100, 300, 500].map(async (after) => {
        await new Promise((resolve) => setTimeout(resolve, after));
        return run(['flow', 'up', file]);
      }),
    );
    expect(ups.map(({ code, err }) => (code === 0 ? 0 : err))).toEqual([0, 0, 0, 0]);
    expect((await ownPipes('several')).map(({ src }) => src.split('/').at(-1)).toSorted()).toEqual(['ended', 'out', 'upped']);
    expect((await run(['flow', 'up', file])).out).toBe('');
    const downs = await Promise.all([0, 1].map(() => run(['flow', 'down', file])));
    expect(downs.map(({ code, err }) => (code === 0 ? 0 : err))).toEqual([0, 0]);
    expect(await ownPipes('several')).toEqual([]);
  });

  test('makes a pipe once more that somebody has destroyed', async () => {
    const file = flowFile('anew', 'pipes:\n  p: { from: a, to: b }\n');
    expect((await run(['flow', 'up', file])).code).toBe(0);
    const [first] = await ownPipes('anew');
    await pipes(space)
      .open(first?.pipe ?? '')
      .destroy();
    expect((await run(['flow', 'up', file, '-n', '--json'])).lines()).toMatchObject([{ kind: 'create', name: 'p', done: false }]);
    expect((await run(['flow', 'up', file, '--json'])).lines()).toMatchObject([{ kind: 'create', name: 'p', done: true }]);
    expect(await ownPipes('anew')).toHaveLength(1);
    expect((await run(['flow', 'up', file])).out).toBe('');
  });

  test('is replaced where it is closed, and watched until everything is done', async () => {
    const file = flowFile('again', 'pipes:\n  p: { from: a, to: b }\n');
    expect((await run(['flow', 'up', file])).code).toBe(0);
    const watching = person.begin(['flow', 'watch', file, '--json']);
    await eventually(() => watching.out().includes('"condition":"open"'));
    expect((await run(['pipe', 'write', `${home}/again/a`, '--final', '--inline', file])).code).toBe(0);
    const { code, lines } = await watching.ended;
    expect([code, lines().at(-1)]).toMatchObject([0, { name: 'p', condition: 'closed', counts: { visible: 1 } }]);
    expect((await run(['flow', 'up', file])).err).toContain('closed: p (--again replaces closed pipes)');
    expect((await run(['flow', 'up', file, '--again'])).out).toMatch(/^- pipe p.*\n\+ pipe p/);
    expect((await ownPipes('again')).map(({ condition }) => condition)).toEqual(['open']);
  });

  test('begins with nothing where what it had delivered is purged, and leaves nothing then', async () => {
    const file = flowFile('purged', 'pipes:\n  p: { from: a, to: b }\n');
    expect((await run(['flow', 'up', file])).code).toBe(0);
    for (const words of [
      ['up', '--again', '--purge'],
      ['down', '--purge'],
    ]) {
      expect((await run(['pipe', 'write', `${home}/purged/a`, '--final', '-u', file])).code).toBe(0);
      expect((await run(['pipe', 'read', `${home}/purged/b`, '--until', 'closed'])).code).toBe(0);
      expect((await run(['ls', `${home}/purged/b`])).out).toBe('purged.yaml\n');
      const { code, err } = await run(['flow', ...words, file]);
      expect([words, code, err]).toEqual([words, 0, expect.not.stringContaining('/purged/b stays')]);
      expect((await run(['ls', `${home}/purged`])).out).toContain('a/\n');
      expect((await run(['ls', `${home}/purged/b`])).code).toBe(words[0] === 'up' ? 0 : 3);
    }
  });

  test('loses no pipe where another may not go, whichever is asked for first', async () => {
    const file = flowFile('undone', 'pipes:\n  p: { from: a, to: b }\n  q: { from: c, to: d, groups: [look] }\n');
    expect((await run(['flow', 'up', file])).code).toBe(0);
    for (const [from, name] of [
      ['a', 'one'],
      ['c', 'two'],
    ] as const)
      expect((await run(['pipe', 'write', `${home}/undone/${from}`, '--final', '-u', '--prefix', name, file])).code).toBe(0);
    const kept = await run(['rm', '-rf', `${home}/undone`]);
    expect([kept.code, kept.err]).toEqual([5, expect.stringContaining('destroy the pipe first')]);
    expect((await run(['ls', `${home}/undone/a`])).out).not.toBe('');
    const refused = { code: 5, err: expect.stringMatching(/pipe q: 1 chunk not acknowledged by all groups[^]*Nothing has been/) as string };
    for (const args of [['up', '--again'], ['up', '--again', '--dry-run'], ['down']])
      expect(await run(['flow', ...args, file])).toMatchObject(refused);
    expect(await ownPipes('undone')).toHaveLength(2);
    expect((await run(['flow', 'up', file, '--again', '--force'])).out).toMatch(/^- pipe q.*\n- pipe p.*\n\+ pipe p/);
  });

  test('is drawn, with counts where it is set up and without any where it is not', async () => {
    const file = flowFile('drawn', TWO_STAGES);
    const plain = await run(['flow', 'graph', file, '--offline', '--format', 'mermaid']);
    expect(plain.out).toMatch(/^flowchart LR\n[^]*-->\|"raw"\|[^]*-\.->/);
    expect((await run(['flow', 'up', file])).code).toBe(0);
    const { out } = await run(['flow', 'graph', file]);
    expect(out).toMatch(/^<svg [^]*>raw 0\/0<[^]*<\/svg>\n$/);
    const [{ nodes, svg } = {}] = (await run(['flow', 'graph', '--json', file])).lines<{ nodes?: readonly object[]; svg?: string }>();
    expect([nodes?.length, svg]).toEqual([8, out]);
    expect((await run(['flow', 'graph', file, '--format', 'dot'])).out).toContain('"c:out" -> "c:work" [label="raw 0/0"]');
  });

  test('joins containers of two VOSpaces by the credentials of the configuration, and says which VOSpace it does not know', async () => {
    const authority = await space.authority();
    const directory = join(person.directory, '.config', 'vopipe');
    mkdirSync(directory, { recursive: true });
    const services = { [authority]: { url: service.base, user: person.user, password: person.password } };
    writeFileSync(join(directory, 'config.json'), JSON.stringify({ default: authority, services }));
    const environment = { HOME: person.directory };
    const good = flowFile('spaces', `pipes:\n  p: { from: "${uri('far')}", to: near }\n`);
    expect((await start(['flow', 'up', good], person.directory, environment).ended).code).toBe(0);
    const bad = flowFile('unknown', 'pipes:\n  p: { from: vos://nowhere.example~vospace/x, to: near }\n');
    const { code, err } = await start(['flow', 'up', bad], person.directory, environment).ended;
    expect([code, err]).toEqual([2, expect.stringContaining('no URL is known for the VOSpace nowhere.example~vospace')]);
  });

  test.each([
    ['pipes:\n  a: { form: x, to: y }\n', /:4:8: pipes\.a: there is no key "form"; did you mean from\?/],
    ['pipes:\n  a: { from: x, to: y }\nstages:\n  s: { in: b, run: cat }\n', /:6:12: stages\.s\.in: there is no pipe "b"/],
    ['pipes:\n  a: [x, y]\n', /:4:6: pipes\.a: is a list, not a map/],
    ['pipes:\n  a: { from: x, to: y\n', /:\d+:\d+: /],
  ])('whose file is wrong is told where: %j', async (body, words) => {
    const { code, err } = await run(['flow', 'up', flowFile('wrong', body)]);
    expect([code, err]).toEqual([2, expect.stringMatching(words)]);
  });

  test('is run until nothing is left of what is there, from stage to stage', async () => {
    const file = flowFile('tail', TWO_STAGES);
    expect((await run(['flow', 'up', file])).code).toBe(0);
    writeFileSync(join(person.directory, 'c.txt'), 'c');
    expect((await run(['pipe', 'write', `${home}/tail/out`, '--inline', join(person.directory, 'c.txt')])).code).toBe(0);
    expect(await run(['flow', 'run', file, '--until', 'tail'])).toMatchObject({
      code: 0,
      err: expect.stringContaining('end: 1 chunk done') as string,
    });
    expect((await run(['pipe', 'read', `${home}/tail/results`])).out).toBe('1 c.up 2 B\n');
  });

  test('ends all its stages where one cannot go on', async () => {
    const file = flowFile('broken', TWO_STAGES.replace('run: tr a-z A-Z', 'run: ./no-such-program'));
    expect((await run(['flow', 'up', file])).code).toBe(0);
    writeFileSync(join(person.directory, 'c.txt'), 'c');
    expect((await run(['pipe', 'write', `${home}/broken/out`, '--inline', join(person.directory, 'c.txt')])).code).toBe(0);
    const ran = await run(['flow', 'run', file]);
    expect(ran).toMatchObject({
      code: 3,
      err: expect.stringContaining('stage up: the program "./no-such-program" is not there') as string,
    });
  });

  test('whose pipes are not there is not run', async () => {
    const file = flowFile('absent', TWO_STAGES);
    expect(await run(['flow', 'run', file, 'up'])).toMatchObject({ code: 3, err: expect.stringContaining('vopipe flow up') as string });
    expect(await run(['flow', 'run', file, 'ups'])).toMatchObject({ code: 2, err: expect.stringContaining('did you mean up?') as string });
  });
});
