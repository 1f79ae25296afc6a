// Stages that are killed: at whatever moment, every chunk has one result downstream. SEED repeats a run.
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { eventually, piping, readAll, textOf } from './support/pipes.ts';
import { makePerson, type Running } from './support/vopipe.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const person = await makePerson();
const { make, uri } = await piping(person);

/** Between 0 and 1, the same for the same seed. */
function randomOf(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 2_246_822_519) + 0x9e3779b9) >>> 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

test(`two members that are killed again and again leave one result of each chunk (SEED=${seed})`, { timeout: 180_000 }, async () => {
  const random = randomOf(seed);
  const names = Array.from({ length: 30 }, (_, i) => `night/${i}.txt`);
  const [input, output] = [await make('in', 'work'), await make('made', 'results')];
  await input.writeAll(names.map((name) => ({ name, data: `bytes of ${name}` })));
  await input.close();
  const work = mkdtempSync(join(person.directory, 'work-'));
  // No two tries make the same bytes: the result has to be that of one of them.
  const program = 'cat; printf " by $$ in try $VOPIPE_ATTEMPT at "; date +%N; sleep 0.3';
  const args = ['-g', 'team', '--lease', '2', '--attempts', '100', '-p', '3', '--close', '--work', work, '--', 'sh', '-c', program];
  const begin = (): Running => person.begin(['stage', uri('work'), uri('made'), ...args]);
  const members = [begin(), begin()];
  let kills = 0;
  for (let i = 0; i < 8; i++) {
    await pause(300 + random() * 1500);
    const which = random() < 0.5 ? 0 : 1;
    if (members[which]?.process.exitCode !== null) continue;
    members[which].process.kill('SIGKILL');
    kills++;
    members[which] = begin();
  }
  // What takes long says why, before the test's own time is over.
  const late = setTimeout(() => void tellLate(), 120_000);
  onTestFinished(() => clearTimeout(late));
  const tellLate = async (): Promise<void> => {
    for (const member of members) console.log(`member ${member.process.pid}, exit ${member.process.exitCode}:\n${member.err()}`);
    console.log(JSON.stringify([await input.describe(), await output.describe()]));
  };
  const ran = await Promise.all(members.map((member) => member.ended));
  expect(
    ran.map(({ code }) => code),
    ran.map(({ err }) => err).join('\n'),
  ).toEqual([0, 0]);
  expect(kills).toBeGreaterThan(0);

  const chunks = await readAll(output, 'closed');
  expect(chunks.map(({ name }) => name).toSorted()).toEqual(names.toSorted());
  for (const chunk of chunks) {
    expect(chunk.status).toBe('ready');
    expect(await textOf(output, chunk)).toMatch(new RegExp(`^bytes of ${chunk.name} by \\d+ in try \\d+ at \\d+\n$`));
    expect(chunk.lineage?.map(({ name }) => name)).toEqual([chunk.name]);
  }
  expect(await input.group('team').describe()).toMatchObject({ acked: 30, claimed: 0, waiting: 0, dead: 0 });
  // What the killed ones have left is cleared away by the next.
  expect(readdirSync(work)).toEqual([]);
});

test('a member that is killed hands its chunk on to another, and its program is ended by the next that begins', async () => {
  const [input, output] = [await make('in2', 'work2'), await make('made2', 'results2')];
  await input.write({ name: 'one', data: 'one' }, { final: true });
  const work = mkdtempSync(join(person.directory, 'work-'));
  const args = ['stage', uri('work2'), uri('made2'), '-g', 'g', '--lease', '1', '--close', '--work', work, '--'];
  const first = person.begin([...args, 'sleep', '300']);
  await eventually(
    async () =>
      (
        await input
          .group('g')
          .describe()
          .catch(() => undefined)
      )?.claimed === 1,
  );
  await pause(500);
  first.process.kill('SIGKILL');
  await first.ended;
  const { code } = await person.run([...args, 'cat']);
  expect(code).toBe(0);
  expect((await readAll(output, 'closed')).map(({ name }) => name)).toEqual(['one']);
  const orphans = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid));
  expect(orphans.some((pid) => variablesOf(pid).includes(`VOPIPE_WORK=${work}`))).toBe(false);
});

function variablesOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}
