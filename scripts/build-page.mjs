// Builds the page into dist/page: static files by Vite, and one file that carries them all, which the Worker brings along. Plain JavaScript,
// because wrangler calls it with whatever Node is there.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PAGE = join(ROOT, 'dist', 'page');

/** What the page has in place of the client's own: the browser reads XML, so that no parser is carried along; and no advice for terminals. */
const INSTEAD = new Map([
  [join(ROOT, 'src', 'xml', 'read.ts'), join(ROOT, 'src', 'page', 'xml', 'read.ts')],
  [join(ROOT, 'src', 'client', 'advice.ts'), join(ROOT, 'src', 'page', 'app', 'no-advice.ts')],
]);
const instead = {
  name: 'instead',
  enforce: 'pre',
  resolveId(to, from) {
    return from && /\/src\/(xml|client)\//.test(from) ? INSTEAD.get(resolve(dirname(from), to)) : undefined;
  },
};

/** Elements are made by calls of `h`: these weigh less than those of the runtime for JSX, which name the children each time. */
const elements = {
  name: 'elements',
  enforce: 'pre',
  transform(code, id) {
    return id.endsWith('.tsx') ? `import { h, Fragment } from 'preact';${code}` : undefined;
  },
};

/** In place of Vite's own code around every import(), which has no second try for styles that did not come. */
const styles = {
  name: 'styles',
  enforce: 'pre',
  load(id) {
    return id === '\0vite/preload-helper.js'
      ? `export { withStyles as __vitePreload } from '${join(ROOT, 'src', 'page', 'kit', 'styles.ts')}'`
      : undefined;
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
 * @param {ReadonlySet<string>} [first] modules that the first screen needs; absent: every piece of code is a file of its own
 * @returns {import('vite').InlineConfig}
 */
export function pageConfig(outDir, first) {
  return {
    configFile: false,
    root: join(ROOT, 'src', 'page'),
    base: '/ui/',
    logLevel: 'warn',
    publicDir: false,
    plugins: [instead, elements, styles],
    // As in production also where tests build it: they weigh it.
    oxc: { jsx: { runtime: 'classic', pragma: 'h', pragmaFrag: 'Fragment', development: false } },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2023',
      assetsInlineLimit: 0,
      modulePreload: false,
      reportCompressedSize: false,
      rolldownOptions: {
        optimization: { inlineConst: { mode: 'all', pass: 3 } },
        ...(first && { output: { codeSplitting: { includeDependenciesRecursively: false, groups: groupsOf(first) } } }),
      },
      manifest: 'manifest.json',
    },
  };
}

/**
 * What is loaded together is one file: the first screen, what comes right after it, and the client but for what of it speaks XML. What is loaded
 * later has files of its own: see src/page/late.
 * @param {ReadonlySet<string>} first
 */
function groupsOf(first) {
  return [
    { name: 'first', test: (id) => first.has(id), priority: 3 },
    // What a worker is started with, so it may import nothing of the page.
    { name: 'md5', test: /\/(?:model\/md5|tray\/md5-worker)\.ts$/, priority: 3 },
    { name: 'next', test: /\/src\/page\/(?:app\/|files\/|kit\/|late\/next)/, priority: 2 },
    { name: 'client', test: /\/src\/(client\/(?!xml\.ts)|model\/)/, priority: 1 },
  ];
}

/** The modules that the page's entry imports, directly or through others, and does not load late. */
async function modulesOfFirstScreen() {
  const config = pageConfig(join(ROOT, 'dist', 'page'));
  const built = await build({ ...config, build: { ...config.build, write: false, minify: false } });
  const chunks = new Map(built.output.filter(({ type }) => type === 'chunk').map((chunk) => [chunk.fileName, chunk]));
  const seen = new Set();
  const visit = (name) => {
    if (seen.has(name)) return;
    seen.add(name);
    chunks.get(name).imports.forEach(visit);
  };
  for (const [name, { isEntry }] of chunks) if (isEntry) visit(name);
  return new Set([...seen].flatMap((name) => Object.keys(chunks.get(name).modules)));
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
    await build(pageConfig(join(fresh, 'files'), await modulesOfFirstScreen()));
    writeFileSync(join(fresh, 'page.bin'), pack(join(fresh, 'files')));
    rmSync(PAGE, { recursive: true, force: true });
    renameSync(fresh, PAGE);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildPage();
