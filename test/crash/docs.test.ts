// What the documents tell users to type, typed: the shell blocks of the README, docs/http.md, docs/pipes.md and docs/cli.md, and the programs of docs/pipes.md and docs/client.md, run
// as they stand on a fresh service.
import { spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { buildClient } from '../../scripts/build-client.ts';
import { ROOT } from '../../scripts/build.mjs';
import { startService, type Service } from '../support/service.ts';

const DOCUMENTED = 'http://127.0.0.1:8787/vos';
const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

async function serve(): Promise<Service> {
  const service = await startService();
  cleanUps.push(() => service.stop());
  return service;
}

/** An empty directory in which a reader would sit: with the credentials where the README looks for them. */
function readersDirectory(service: Service): string {
  const directory = mkdtempSync(join(tmpdir(), 'vopipe-docs-'));
  cleanUps.push(() => rmSync(directory, { recursive: true, force: true }));
  mkdirSync(join(directory, '.state'));
  copyFileSync(join(service.stateDir, 'credentials'), join(directory, '.state', 'credentials'));
  copyFileSync(join(ROOT, 'README.md'), join(directory, 'README.md'));
  return directory;
}

/** All ```sh blocks of a document or of a part of it, in their order, for this service. */
function shellBlocks(text: string, service: Service): string {
  const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map((match) => match[1] ?? '');
  expect(blocks.length).toBeGreaterThan(0);
  return blocks.join('\n').replaceAll(DOCUMENTED, service.base);
}

function section(text: string, title: string): string {
  const [, part] = text.split(`\n## ${title}\n`);
  if (part === undefined) throw new Error(`no section ${title}`);
  return part.split('\n## ')[0] ?? '';
}

/** Exit code and everything printed, with the commands as they ran; curl reads no settings of whoever runs the test. */
function run(script: string, directory: string): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const bash = spawn('bash', ['-xeuo', 'pipefail', '-c', script], {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: directory, NO_PROXY: '127.0.0.1' },
    });
    let output = '';
    for (const stream of [bash.stdout, bash.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    bash.once('error', reject);
    bash.once('close', (code) => resolve({ code, output }));
  });
}

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
// curl as the README has it succeeds whatever the answer is: here a refusal fails.
const STRICT = 'curl() { command curl --fail-with-body -sS "$@"; }\n';
const useIt = (service: Service): string => shellBlocks(section(readme, 'Use it'), service).replaceAll(/^npm .*$/gm, '');

describe('The commands of', () => {
  test('the README, sections "Use it" and "Pipes", work as they stand', async () => {
    const service = await serve();
    const piping = shellBlocks(section(readme, 'Pipes'), service);
    const { code, output } = await run(STRICT + useIt(service) + piping, readersDirectory(service));
    expect(code, output.slice(-3000)).toBe(0);
    expect(output).toContain('"name":"hello"');
    expect(output).toContain('First notes');
    expect(output).toContain(`Content-Length: ${Buffer.byteLength(readme)}`);
  });

  test('docs/http.md work as they stand, one after the other', async () => {
    const service = await serve();
    const setting = useIt(service)
      .split('\n')
      .filter((line) => /^(VOS|ADMIN)=/.test(line));
    expect(setting).toHaveLength(2);
    const script = shellBlocks(readFileSync(join(ROOT, 'docs/http.md'), 'utf8'), service);
    const { code, output } = await run(`${setting.join('\n')}\n${script}`, readersDirectory(service));
    expect(code, output.slice(-3000)).toBe(0);
    expect(output).toContain('vospace_requests_total{');
  });

  test('docs/pipes.md work as they stand, and so do its programs in Python', async () => {
    const service = await serve();
    const directory = readersDirectory(service);
    const text = readFileSync(join(ROOT, 'docs/pipes.md'), 'utf8');
    const setting = useIt(service)
      .split('\n')
      .filter((line) => /^(VOS|ADMIN)=/.test(line));
    for (const [, name = '', program = ''] of text.matchAll(/^```python\n# (\w+\.py)\n(.*?)^```$/gms))
      writeFileSync(join(directory, name), program);
    const programs = String.raw`
      NEW='{"src": "vos://localhost~vospace/ada/py-out", "dest": "vos://localhost~vospace/ada/py-in"}'
      ID=$(ask $VOS/pipes -d "$NEW" | sed 's/{"pipe":"\([^"]*\).*/\1/')
      export VOS LOGIN="$ADA"
      mkdir copies
      head -c 3000000 /dev/urandom > 'large ü.bin'
      : > empty
      ask -X PUT $VOS/pipes/$ID/groups/team -d '{}'
      python3 read.py $ID copies > read.txt &
      READER=$!
      python3 work.py $ID team > work-1.txt &
      python3 work.py $ID team > work-2.txt &
      timeout -s KILL 0.4 python3 write.py $ID stars.csv empty 'large ü.bin' README.md || true
      kill $READER || true
      python3 write.py $ID stars.csv empty 'large ü.bin' README.md
      python3 read.py $ID copies
      for name in stars.csv empty 'large ü.bin' README.md; do cmp "$name" "copies/$name"; done
      wait
      cat work-1.txt work-2.txt | sort | tee did.txt`;
    const { code, output } = await run(`${setting.join('\n')}\n${shellBlocks(text, service)}\n${programs}`, directory);
    expect(code, output.slice(-3000)).toBe(0);
    expect(output.match(/^did \d+/gm)).toEqual(['did 1', 'did 2', 'did 3', 'did 4']);
  });

  test('docs/client.md are one program that runs', async () => {
    const service = await serve();
    await buildClient();
    const directory = readersDirectory(service);
    mkdirSync(join(directory, 'node_modules'));
    symlinkSync(ROOT, join(directory, 'node_modules', 'vopipe'));
    const text = readFileSync(join(ROOT, 'docs/client.md'), 'utf8');
    const blocks = [...text.matchAll(/^```js\n(.*?)^```$/gms)].map((match) => match[1] ?? '');
    writeFileSync(join(directory, 'program.mjs'), blocks.join('\n'));
    const { user, password } = service.admin;
    const environment = `VOS=${service.base} USER=${user} PASSWORD='${password}'`;
    const { code, output } = await run(`${environment} '${process.execPath}' program.mjs`, directory);
    expect(code, output.slice(-3000)).toBe(0);
    expect(output).toContain(' 19 ');
    expect(output).toContain('NodeNotFound 404 false Check the path');
  });

  test('docs/cli.md and the README’s command line work as they stand, one line after the other', async () => {
    const service = await serve();
    const directory = readersDirectory(service);
    symlinkSync(join(ROOT, 'scripts'), join(directory, 'scripts'));
    const lines = shellBlocks(readFileSync(join(ROOT, 'docs/cli.md'), 'utf8'), service);
    const made = 'head results/m31.txt night/by-hand/m31.csv; grep -o "counted 2/2" flow.svg';
    // The reader of the README is alice, who types her password.
    const short = shellBlocks(section(readme, 'The command line'), service)
      .replaceAll('npx vopipe', 'vopipe')
      .replaceAll('vos:/alice', 'vos:/ada')
      .replaceAll(/^vopipe login .*$/gm, '');
    const begin = `PATH='${dirname(process.execPath)}':$PATH; export TMPDIR="$HOME"`;
    const { code, output } = await run([begin, lines, made, 'cd "$HOME"', short].join('\n'), directory);
    expect(code, output.slice(-3000)).toBe(0);
    expect(output).toMatch(/^Three stars$/m);
    expect(output).toMatch(/^ok +upload/m);
    expect(output).toContain('vos:/ada/notes.md');
    expect(output).toMatch(/^1 m31\.csv\n2 m42\.csv\n[^]*^exit code 7\n[^]*m42\.csv +2 tries +exit 1\n/m);
    expect(output).toMatch(/raw +closed +2\/2[^]*look +group +0 +2 to do/);
    expect(output).toContain('m31.txt <==\nra dec\n10.68 41.27\n');
    expect(output).toContain('by-hand/m31.csv <==\nra,dec\n10.68,41.27\n');
    expect(output).toContain('counted 2/2');
  }, 400_000);

  test('a document count as failed when one of them does', async () => {
    const service = await serve();
    const broken = useIt(service).replace('DIRECTION=pushToVoSpace', 'DIRECTION=pushToVoid');
    expect((await run(STRICT + broken, readersDirectory(service))).code).not.toBe(0);
  });
});
