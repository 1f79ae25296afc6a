// The library as others install it: built, imported by plain Node, typed, and small without its XML half.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildClient, bundleClient, ENTRIES } from '../../../scripts/build-client.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
let directory = '';

/** A script of somebody who has the package installed. */
function runScript(script: string, node = process.execPath): string {
  writeFileSync(join(directory, 'script.mjs'), script);
  return execFileSync(node, ['script.mjs'], { cwd: directory, encoding: 'utf8', env: { PATH: process.env['PATH'] } });
}

beforeAll(async () => {
  await buildClient();
  directory = mkdtempSync(join(tmpdir(), 'vopipe-client-'));
  mkdirSync(join(directory, 'node_modules'));
  symlinkSync(ROOT, join(directory, 'node_modules', 'vopipe'));
}, 60_000);
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function bundle(entry: keyof typeof ENTRIES): Promise<{ inputs: readonly string[]; text: string }> {
  const built = await bundleClient(directory, { entryPoints: [ENTRIES[entry]], splitting: false, minify: true, write: false });
  return { inputs: Object.keys(built.metafile?.inputs ?? {}), text: built.outputFiles?.[0]?.text ?? '' };
}

describe('the package', () => {
  test('is imported by a plain Node script, its parts of one kind of error', () => {
    const script = `
      import { connect, VospaceError } from 'vopipe/client';
      import { xml } from 'vopipe/client/xml';
      import { pipes } from 'vopipe/client/pipes';
      const space = connect('http://127.0.0.1:65533/vos', { codec: xml, retry: { tries: 1 } });
      const error = await space.nodes.get('/x').catch((thrown) => thrown);
      const other = await pipes(space).open('x').describe().catch((thrown) => thrown);
      console.log(error instanceof VospaceError, error.fault, error.unsent, other instanceof VospaceError, other.fault);`;
    expect(runScript(script)).toBe('true ConnectionFailed true true ConnectionFailed\n');
  });

  test('has types that a strict program is checked against', { timeout: 60_000 }, () => {
    writeFileSync(
      join(directory, 'program.ts'),
      `import { connect, type Uploaded, VospaceError } from 'vopipe/client';
       import { xml } from 'vopipe/client/xml';
       import { pipes, type ReadChunk } from 'vopipe/client/pipes';
       const space = connect('https://example.org/vos', { codec: xml, credentials: { user: 'a', password: 'b' } });
       export const sent: Uploaded = await space.upload('/a', new Blob(['x']), { signal: AbortSignal.timeout(1000) });
       for await (const child of space.nodes.children('/')) console.log(child.uri satisfies string);
       // @ts-expect-error -- there is no such option
       await space.nodes.get('/a', { details: 'max' });
       const pipe = await pipes(space).create({ src: '/a', dest: '/b', options: { order: 'ready' } });
       for await (const chunk of pipe.read({ state: 'now' })) export_(chunk);
       function export_({ seq, state }: ReadChunk): void { console.log(seq satisfies number, state satisfies string); }
       // @ts-expect-error -- there is no such order
       await pipes(space).create({ src: '/a', dest: '/b', options: { order: 'none' } });
       export const fault = new VospaceError('NodeNotFound', '').fault;`,
    );
    const options = [
      '--noEmit',
      '--strict',
      '--target',
      'es2024',
      '--module',
      'nodenext',
      '--lib',
      'es2024,dom,dom.asynciterable',
      '--types',
      '',
    ];
    writeFileSync(join(directory, 'package.json'), '{"type": "module"}');
    const run = spawnSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), ...options, 'program.ts'], {
      cwd: directory,
      encoding: 'utf8',
    });
    expect(run.stdout + run.stderr).toBe('');
  });

  test('holds no XML parser in its JSON half, which has at most 22 KiB on its way to a page', async () => {
    const { inputs, text } = await bundle('index');
    expect(inputs).toContain('src/client/package.ts');
    expect(inputs.filter((input) => /(^|\/)xml|fast-xml-parser|node_modules/.test(input))).toEqual([]);
    expect(gzipSync(text).length).toBeLessThanOrEqual(22 * 1024);
    expect(inputs.filter((input) => input.includes('pipe'))).toEqual([]);
    expect((await bundle('pipes')).inputs.filter((input) => /(^|\/)xml|fast-xml-parser|node_modules/.test(input))).toEqual([]);
    expect((await bundle('xml')).inputs.some((input) => input.includes('fast-xml-parser'))).toBe(true);
  });

  test('needs nothing that only Node has', async () => {
    expect((await bundle('pipes')).text.match(/["']node:|\bprocess\.|\bBuffer\.|\brequire\(/g) ?? []).toEqual([]);
    expect((await bundle('index')).text.match(/["']node:|\bprocess\.|\bBuffer\.|\brequire\(/g) ?? []).toEqual([]);
    // The XML library has a reader of Buffers, too, which is never called.
    expect((await bundle('xml')).text.match(/["']node:|\bprocess\.|\brequire\(/g) ?? []).toEqual([]);
  });
});
