// `npm run demo`: puts real catalogues into the running service, and shows and checks every step. Ends with 1 if anything is not as it was sent.
import { serviceUrl } from './admin-client.ts';
import { createHash } from 'node:crypto';
import { openAccount, type Account } from './demo/account.ts';
import { beginStep, megabytes, say, table } from './demo/display.ts';
import { ALL_STARS, makeFiles, type DemoFile } from './demo/tables.ts';
import type { Upload, Vospace } from './demo/vospace.ts';
import { CORE } from './demo/xml.ts';

const FOLDER = 'sky';
const LINK = 'latest.vot';
const AT_ONCE = 6;
const VOTABLE_TYPE = 'application/x-votable+xml';
const ROWS = 'urn:x-vopipe:demo:rows';

/** Runs the work for every item, a few at a time. */
async function each<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function prepare({ space, user, isOwn }: Account): Promise<string[]> {
  const home = [user];
  const folder = [user, FOLDER];
  const open = { [`${CORE}publicread`]: 'true' };
  if (isOwn) await space.annotate(home, 'ContainerNode', open);
  // What is made below takes over these permissions.
  const properties = { [`${CORE}title`]: 'The sky', ...open, 'ivo://cadc.nrc.ca/vospace/core#inheritPermissions': 'true' };
  if (!(await space.create(folder, 'ContainerNode', properties))) await space.annotate(folder, 'ContainerNode', properties);
  for (const name of ['stars', 'deepsky']) await space.create([...folder, name], 'ContainerNode');
  return folder;
}

/** Negotiates, sends the bytes to the store, and waits until the node has them. */
async function upload(space: Vospace, path: readonly string[], file: DemoFile): Promise<Upload> {
  const negotiated = await space.negotiate(path, file.bytes.length);
  await putBytes(negotiated.url, file.bytes, file.md5);
  await space.finish(negotiated);
  return negotiated;
}

async function putBytes(url: string, bytes: Buffer, md5: string): Promise<void> {
  // The store refuses bytes of another MD5 than the ETag sent with them.
  const answer = await fetch(url, { method: 'PUT', body: new Uint8Array(bytes), headers: { 'Content-Type': VOTABLE_TYPE, ETag: md5 } });
  if (answer.status !== 201) throw new Error(`the store answered ${answer.status} ${(await answer.text()).slice(0, 200)}`);
}

async function download(url: string): Promise<{ readonly length: number; readonly md5: string }> {
  const answer = await fetch(url);
  if (!answer.ok || !answer.body) throw new Error(`the store answered ${answer.status}`);
  const hash = createHash('md5');
  let length = 0;
  for await (const part of answer.body) {
    hash.update(part);
    length += part.length;
  }
  return { length, md5: hash.digest('hex') };
}

function make(): DemoFile[] {
  const making = beginStep('making VOTables', 1);
  const files = makeFiles();
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  making.end(`${files.length} files, ${megabytes(sizeOf(files))}, ${rows} rows`);
  return files;
}

function sizeOf(files: readonly DemoFile[]): number {
  return files.reduce((sum, file) => sum + file.bytes.length, 0);
}

async function demonstrate(account: Account, files: readonly DemoFile[], wrong: string[]): Promise<void> {
  const { space } = account;
  const folder = await prepare(account);
  const pathOf = (file: DemoFile): string[] => [...folder, ...file.path];
  const expect = (what: string, found: { length: number; md5: string }, file: DemoFile): void => {
    if (found.length !== file.bytes.length || found.md5 !== file.md5)
      wrong.push(`${what}: ${found.length} bytes ${found.md5}, sent ${file.bytes.length} bytes ${file.md5}`);
  };

  const uploading = beginStep('uploading to the store', files.length);
  const uploads = new Map<DemoFile, Upload>();
  await each(files, async (file) => {
    uploads.set(file, await upload(space, pathOf(file), file));
    uploading.add(file.bytes.length);
  });
  const up = uploading.end();

  const annotating = beginStep('annotating', files.length);
  await each(files, async (file) => {
    const { title, description, coverage } = file;
    const core = Object.entries({ title, description, coverage, type: VOTABLE_TYPE }).map(([name, value]) => [CORE + name, value] as const);
    await space.annotate(pathOf(file), 'DataNode', { ...Object.fromEntries(core), [ROWS]: String(file.rows) });
    annotating.add(0);
  });
  annotating.end();

  const linking = beginStep('linking', 1);
  const made = await space.create([...folder, LINK], 'LinkNode', {}, space.uri([...folder, ALL_STARS]));
  linking.end(`${LINK} -> ${ALL_STARS}${made ? '' : ' (was there)'}`);

  const listing = beginStep('listing', files.length);
  for (const below of [[], ['stars'], ['deepsky']]) {
    const children = new Map((await space.list([...folder, ...below])).map((child) => [child.name, child.properties]));
    for (const file of files.filter(({ path }) => path.slice(0, -1).join('/') === below.join('/'))) {
      const found = children.get(file.path.at(-1) ?? '') ?? {};
      expect(`${file.path.join('/')} in the listing`, { length: Number(found[`${CORE}length`]), md5: found[`${CORE}MD5`] ?? '' }, file);
      if (found[`${CORE}title`] !== file.title || found[ROWS] !== String(file.rows))
        wrong.push(`${file.path.join('/')}: its properties are not what was set`);
      listing.add(0);
    }
  }
  listing.end();

  const downloading = beginStep('downloading and checking', files.length);
  await each(files, async (file) => {
    expect(file.path.join('/'), await download(await space.sign(pathOf(file))), file);
    downloading.add(file.bytes.length);
  });
  const down = downloading.end();

  await checkSealed(account, folder, files, uploads, expect);
  report(space, folder, { files: files.length, bytes: sizeOf(files), up, down }, account.isOwn ? '' : ` -u ${account.user}`);
}

/** The link leads to the bytes, and whoever still has the URL of an upload cannot change the file with it. */
async function checkSealed(
  account: Account,
  folder: string[],
  files: readonly DemoFile[],
  uploads: ReadonlyMap<DemoFile, Upload>,
  expect: (what: string, found: { length: number; md5: string }, file: DemoFile) => void,
): Promise<void> {
  const { space } = account;
  const checking = beginStep('link and used upload URL', 2);
  const [all] = files;
  const small = files.find((file) => file.path[0] === 'deepsky');
  if (all) expect(LINK, await download(await space.sign([...folder, LINK])), all);
  checking.add(0);
  const used = small && uploads.get(small);
  if (small && used) {
    const answer = await fetch(used.url, { method: 'PUT', body: 'other bytes' });
    await answer.body?.cancel();
    expect(
      `${small.path.join('/')} after a second PUT to its upload URL`,
      await download(await space.sign([...folder, ...small.path])),
      small,
    );
  }
  checking.add(0);
  checking.end('the link leads to the file; a second PUT to a used URL changed nothing');
}

function report(
  space: Vospace,
  folder: readonly string[],
  run: { files: number; bytes: number; up: number; down: number },
  who: string,
): void {
  const speed = (seconds: number): string => (run.bytes / 1e6 / seconds).toFixed(1);
  say('');
  table([
    ['', 'files', 'bytes', 'seconds', 'MB/s'],
    ['up', String(run.files), String(run.bytes), run.up.toFixed(2), speed(run.up)],
    ['down', String(run.files), String(run.bytes), run.down.toFixed(2), speed(run.down)],
  ]);
  const at = folder.join('/');
  say(`\n  look at it (${space.uri(folder)}):`);
  say(`    curl${who} '${space.base}/nodes/${at}?detail=min'`);
  say(`    curl${who} '${space.base}/nodes/${at}/stars?limit=5' -H 'Accept: application/json'`);
  say(`    curl${who} -L -o hipparcos.vot '${space.base}/files/${at}/${LINK}'      # TOPCAT opens this address too`);
  say(`    curl${who} -I '${space.base}/files/${at}/${ALL_STARS}'`);
}

const base = serviceUrl(process.env);
const wrong: string[] = [];
try {
  say(`demonstration on ${base}`);
  const files = make();
  const account = await openAccount(base, process.env);
  try {
    await demonstrate(account, files, wrong);
  } finally {
    await account.close();
  }
} catch (error) {
  wrong.push(error instanceof Error ? error.message : String(error));
  if (process.env['DEBUG']) console.error(error);
}
if (wrong.length > 0) {
  console.error(`\nthe demonstration failed:\n${wrong.map((line) => `  ${line}`).join('\n')}`);
  process.exitCode = 1;
}
