// Builds the page into dist/page: static files by Vite, and one file that carries them all, which the Worker brings along. Plain JavaScript,
// because wrangler calls it with whatever Node is there.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PAGE = join(ROOT, 'dist', 'page');

/** In the page the browser reads XML, and no parser is carried along. */
const browserXml = {
  name: 'browser-xml',
  enforce: 'pre',
  resolveId(to, from) {
    if (!from || !/\/src\/(xml|client)\//.test(from) || !/\/read\.ts$/.test(to)) return undefined;
    return resolve(dirname(from), to) === join(ROOT, 'src', 'xml', 'read.ts') ? join(ROOT, 'src', 'page', 'xml', 'read.ts') : undefined;
  },
};

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

/**
 * What Vite makes of src/page. Everything is served from the page's own origin, and nothing stands in the HTML as code.
 * @param {string} outDir
 * @returns {import('vite').InlineConfig}
 */
export function pageConfig(outDir) {
  return {
    configFile: false,
    root: join(ROOT, 'src', 'page'),
    base: '/ui/',
    logLevel: 'warn',
    publicDir: false,
    plugins: [browserXml],
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2023',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      manifest: 'manifest.json',
    },
  };
}

/**
 * The files one after the other, gzipped but for the HTML (into which the service writes), behind a list of them: four bytes for the length
 * of the list (big-endian), the list as JSON ({path, type, length}, in the order of the bytes), the bytes. `src/http/page-pack.ts` reads it.
 */
function pack(directory) {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'manifest.json')
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const bodies = files.map((file) => (extname(file) === '.html' ? readFileSync(file) : gzipSync(readFileSync(file), { level: 9 })));
  const list = files.map((file, index) => {
    const type = TYPES[extname(file)];
    if (type === undefined) throw new Error(`${file}: no media type is known for it`);
    return { path: relative(directory, file).replaceAll('\\', '/'), type, length: bodies[index].length };
  });
  const head = Buffer.from(JSON.stringify(list));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(head.length);
  return Buffer.concat([length, head, ...bodies]);
}

/** Brings dist/page up to date. Needs no network. */
export async function buildPage() {
  const fresh = join(ROOT, 'dist', `page-${process.pid}`);
  mkdirSync(fresh, { recursive: true });
  try {
    await build(pageConfig(join(fresh, 'files')));
    writeFileSync(join(fresh, 'page.bin'), pack(join(fresh, 'files')));
    rmSync(PAGE, { recursive: true, force: true });
    renameSync(fresh, PAGE);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildPage();
