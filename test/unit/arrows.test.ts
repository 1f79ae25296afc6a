// The house: who may import whom, no cycles, and what every source file has to look like.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

/** Folder → what its files may import from: `values`, and more of which they may only `import type`. A file name stands for itself. */
const ARROWS: Readonly<Record<string, { readonly values: readonly string[]; readonly types: readonly string[] }>> = {
  model: { values: ['faults.ts'], types: [] },
  xml: { values: ['model', 'faults.ts'], types: [] },
  formats: { values: ['model', 'faults.ts'], types: [] },
  service: {
    values: ['model', 'client', 'formats', 'faults.ts', 'config.ts'],
    types: ['objects', 'auth/directory-port.ts', 'auth/share-port.ts', 'durable'],
  },
  durable: { values: ['model', 'faults.ts', 'config.ts'], types: ['objects', 'auth', 'service'] },
  objects: { values: ['model', 'faults.ts', 'config.ts'], types: ['durable', 'service'] },
  auth: { values: ['model', 'faults.ts', 'config.ts'], types: ['durable', 'service'] },
  http: {
    values: ['service', 'xml', 'auth', 'model', 'objects/embedded', 'faults.ts', 'config.ts'],
    types: ['objects/port.ts', 'durable'],
  },
  client: { values: ['model', 'faults.ts'], types: [] },
  cli: { values: ['client', 'formats', 'model', 'faults.ts'], types: [] },
  page: { values: ['client', 'formats', 'model', 'faults.ts'], types: [] },
};
/** Files that may import more than their folder. */
const MORE: Readonly<Record<string, readonly string[]>> = {
  // So a page that speaks JSON carries no XML parser.
  'client/xml.ts': ['xml'],
  // It takes the place of one of these.
  'page/xml/read.ts': ['xml'],
};
/** At the top of src. */
const ROOT_FILES: Readonly<Record<string, readonly string[] | 'everything'>> = {
  'worker.ts': 'everything',
  'pack.d.ts': [],
  'compose.ts': 'everything',
  'app.ts': 'everything',
  'config.ts': ['model', 'faults.ts'],
  'faults.ts': [],
};
/** Package → the only places that may import it. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  'fast-xml-parser': ['xml/read.ts'],
  hono: ['app.ts', 'compose.ts', 'worker.ts', 'http'],
  jose: ['auth'],
  preact: ['page'],
  '@preact/signals': ['page'],
  yaml: ['cli/flow/read.ts'],
  'cloudflare:workers': ['worker.ts', 'compose.ts', 'durable', 'objects/embedded'],
};

interface Import {
  readonly from: string;
  /** Relative to src, or a package's name. */
  readonly to: string;
  readonly typeOnly: boolean;
  /** By import(). */
  readonly late: boolean;
}

/** Entries of files that the page loads when they are wanted. */
const LATE = ['page/late'];

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
const imports = files.flatMap((file) => readImports(file, readFileSync(join(SRC, file), 'utf8')));
const isLocal = ({ to }: Import): boolean => files.includes(to);

/** Every static and dynamic import and re-export of a file. */
function readImports(file: string, text: string): Import[] {
  const statements = text.matchAll(
    /^\s*(?:import|export)\s+(type\s+)?(?:([\w*\s{},$]+?)\s+from\s+)?'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm,
  );
  return Array.from(statements, ([, type, names = '', named, called]) => {
    const target = (named ?? called ?? '').replace(/\?.*$/, '');
    const listed = /^\{([^}]*)\}$/.exec(names.trim())?.[1];
    const eachType = listed?.split(',').every((name) => name.trim() === '' || name.trim().startsWith('type ')) ?? false;
    const to = target.startsWith('.') ? relative(SRC, join(SRC, dirname(file), target)) : target;
    return { from: file, to, typeOnly: type !== undefined || eachType, late: called !== undefined };
  });
}

function lies(file: string, places: readonly string[]): boolean {
  return places.some((place) => file === place || file.startsWith(`${place}/`));
}

function isAllowed({ from, to, typeOnly }: Import): boolean {
  const [folder = ''] = from.split('/');
  const root = ROOT_FILES[from];
  if (root !== undefined) return root === 'everything' || lies(to, root);
  const arrows = ARROWS[folder];
  if (arrows === undefined) return false;
  return lies(to, [folder, ...arrows.values, ...(MORE[from] ?? [])]) || (typeOnly && lies(to, arrows.types));
}

/** The first cycle of value imports, as the files along it; what the page loads late comes when all who ask for it are there. */
function findCycle(): readonly string[] {
  const edges = Map.groupBy(
    imports.filter((one) => isLocal(one) && !one.typeOnly && !lies(one.to, LATE)),
    ({ from }) => from,
  );
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): readonly string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return [];
    for (const { to } of edges.get(file) ?? []) {
      const cycle = visit(to, [...path, file]);
      if (cycle.length > 0) return cycle;
    }
    done.add(file);
    return [];
  };
  return files.map((file) => visit(file, [])).find((cycle) => cycle.length > 0) ?? [];
}

describe('the source files', () => {
  test('are all seen, with their imports', () => {
    expect(files.length).toBeGreaterThan(20);
    expect(imports.length).toBeGreaterThan(files.length);
    expect(files.filter((file) => !existsSync(join(SRC, file)))).toEqual([]);
    // No statement escapes the reader above: as many as lines that end like one.
    const ends = files.flatMap(
      (file) => readFileSync(join(SRC, file), 'utf8').match(/^(?:import|export)\b[^;]*?\bfrom\s+'[^']+';$/gm) ?? [],
    );
    expect(imports.length).toBeGreaterThanOrEqual(ends.length);
  });

  test('import only along the arrows', () => {
    const wrong = imports.filter((one) => one.to.endsWith('.ts') && !isAllowed(one));
    expect(wrong.map(({ from, to, typeOnly }) => `${from} → ${to}${typeOnly ? ' (type)' : ''}`)).toEqual([]);
  });

  test('import files that exist, with their extension', () => {
    const local = imports.filter(({ to }) => to.includes('/') && !files.includes(to) && /^[.a-z]/.test(to));
    const packages = new Set(Object.keys(PACKAGES));
    // Styles are no modules, and the page's pack is made by its build.
    const missing = local.filter(
      ({ to }) => !/\.(css|bin)$/.test(to) && !packages.has(to.split('/')[0] ?? '') && !/^(node|cloudflare):/.test(to),
    );
    expect(missing.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  test('import packages only where these belong', () => {
    const wrong = imports.filter(({ from, to }) => {
      const places = PACKAGES[to] ?? PACKAGES[to.split('/')[0] ?? ''];
      return places !== undefined && !lies(from, places);
    });
    expect(wrong.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  test('load what is loaded late by import() alone', () => {
    const early = imports.filter(({ to, typeOnly, late }) => lies(to, LATE) && !typeOnly && !late);
    expect(early.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  test('import each other in no circle', () => {
    expect(findCycle()).toEqual([]);
  });

  test('begin with a comment that says their part', () => {
    expect(files.filter((file) => !/^\/\/ \S.{15,}/.test(readFileSync(join(SRC, file), 'utf8')))).toEqual([]);
  });

  test('have at most 300 lines', () => {
    const length = (file: string): number => readFileSync(join(SRC, file), 'utf8').trimEnd().split('\n').length;
    expect(files.filter((file) => length(file) > 300).map((file) => `${file}: ${length(file)}`)).toEqual([]);
  });
});

describe('the check itself', () => {
  test.each([
    ['model/node.ts', "import { x } from '../service/nodes.ts';", false],
    ['service/nodes.ts', "import { type Store } from '../durable/space/port.ts';", true],
    ['service/nodes.ts', "import { Store } from '../durable/space/port.ts';", false],
    ['service/nodes.ts', "import { type A, b } from '../durable/space/port.ts';", false],
    ['xml/node.ts', "export * from '../http/nodes.ts';", false],
    ['model/node.ts', "const late = await import('../service/nodes.ts');", false],
    ['http/nodes.ts', "import {\n  a,\n  b,\n} from '../durable/space/index.ts';", false],
    ['client/xml.ts', "import { parseNode } from '../xml/node.ts';", true],
    ['client/json.ts', "import { parseNode } from '../xml/node.ts';", false],
    ['client/nodes.ts', "import { Fault } from '../faults.ts';", true],
    ['client/nodes.ts', "import { getNode } from '../service/nodes.ts';", false],
    ['other/x.ts', "import { Fault } from '../faults.ts';", false],
  ])('of %s with %s answers %s', (file, text, allowed) => {
    const found = readImports(file, text);
    expect(found).toHaveLength(1);
    expect(found.every(isAllowed)).toBe(allowed);
  });
});
