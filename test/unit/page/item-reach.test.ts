// Whether those who may read a node get to it, where its access comes from, and which jobs concern it.
import { describe, expect, test } from 'vitest';
import type { JobSubject } from '../../../src/model/job.ts';
import type { NodeDocument } from '../../../src/model/node.ts';
import { concernOf } from '../../../src/page/item/concern.ts';
import { accessOf, barriers, kinshipOf } from '../../../src/page/item/reach.ts';
import { describeView } from '../../../src/page/item/view-names.ts';

const CORE = 'ivo://ivoa.net/vospace/core#';
const [TEAM, LAB] = ['ivo://example.org/gms?team', 'ivo://example.org/gms?lab'];
const ROOT = 'vos://example.org~vospace';

function node(path: string, access: Readonly<Record<string, string>>, inherit = false): NodeDocument {
  const properties = Object.entries(access).map(([name, value]) => ({ uri: CORE + name, value, readOnly: false }));
  if (inherit) properties.push({ uri: 'ivo://cadc.nrc.ca/vospace/core#inheritPermissions', value: 'true', readOnly: false });
  return { uri: ROOT + path, type: 'ContainerNode', properties, accepts: [], provides: [], capabilities: [] };
}

describe('barriers', () => {
  const above = [node('/a/b', { publicread: 'true' }), node('/a', { publicread: 'false', groupread: TEAM })];

  test('are the containers above that readers of the node may not read', () => {
    expect(barriers({ isPublic: true, groups: [] }, above)).toEqual([{ container: `${ROOT}/a`, everybody: true, groups: [] }]);
    expect(barriers({ isPublic: false, groups: [TEAM, LAB] }, above)).toEqual([
      { container: `${ROOT}/a`, everybody: false, groups: [LAB] },
    ]);
    expect(barriers({ isPublic: false, groups: [TEAM] }, above)).toEqual([]);
    expect(barriers({ isPublic: false, groups: [] }, [node('/a', {})])).toEqual([]);
  });

  test('are none for a group that may write there', () => {
    expect(barriers({ isPublic: false, groups: [LAB] }, [node('/a', { groupwrite: `${TEAM} ${LAB}` })])).toEqual([]);
  });
});

describe('access', () => {
  const container = node('/a', { publicread: 'false', groupread: `${TEAM} ${LAB}` }, true);

  test('is inherited while it is the same as that of a container that passes it on', () => {
    expect(kinshipOf(node('/a/x', { publicread: 'false', groupread: `${LAB}, ${TEAM}` }), container)).toBe('inherited');
    expect(kinshipOf(node('/a/x', { publicread: 'true', groupread: `${TEAM} ${LAB}` }), container)).toBe('other');
    expect(kinshipOf(node('/a/x', { publicread: 'false' }), node('/a', { publicread: 'false' }))).toBe('own');
  });

  test('of the container is what a node has to be given', () => {
    expect(accessOf(container)).toEqual({
      [`${CORE}publicread`]: 'false',
      [`${CORE}groupread`]: `${TEAM} ${LAB}`,
      [`${CORE}groupwrite`]: '',
    });
  });
});

describe('a job', () => {
  const file = `${ROOT}/a/b/x.fits`;
  const of = (subject: JobSubject) => concernOf({ subject }, [file]);

  test.each<[string, JobSubject, string | undefined]>([
    ['about the node', { kind: 'transfer', target: file, direction: 'pushToVoSpace' }, 'itself'],
    ['about it in another spelling', { kind: 'delete', target: 'vos://example.org!vospace/a/b/x%2Efits' }, 'itself'],
    ['for everything below a container above', { kind: 'setprops', target: `${ROOT}/a` }, 'above'],
    ['that copied it here', { kind: 'transfer', target: `${ROOT}/c`, direction: file, keepBytes: true }, 'destination'],
    ['that counted a container above', { kind: 'size', target: `${ROOT}/a` }, undefined],
    ['about a neighbour whose name begins alike', { kind: 'delete', target: `${ROOT}/a/b/x` }, undefined],
    ['about a container whose name begins alike', { kind: 'delete', target: `${ROOT}/a/b/x.fit` }, undefined],
  ])('%s', (_, subject, concern) => {
    expect(of(subject)).toBe(concern);
  });

  test('without a subject concerns nobody', () => {
    expect(concernOf({}, [file])).toBeUndefined();
  });
});

test('views have words, and those that are only the bytes under another name are left out', () => {
  expect(describeView('ivo://vopipe/views#zip')).toContain('zip');
  expect(describeView(`${CORE}defaultview`)).toContain('as they are');
  expect(describeView(`${CORE}binaryview`)).toBeUndefined();
  expect(describeView('urn:other')).toBe('urn:other');
});
