// Node documents in JSON.
import { describe, expect, it } from 'vitest';
import {
  closeNodeJson,
  formatChildJson,
  formatNodeInputJson,
  formatNodeJson,
  openNodeJson,
  parseNodeDocumentJson,
  parseNodeJson,
} from '../../../src/model/json/node.ts';
import { formatNodeInput, parseNode } from '../../../src/xml/node.ts';
import type { NodeDocument } from '../../../src/model/node.ts';
import { faultOf } from '../xml/support.ts';

const refusal = (value: unknown) => {
  const fault = faultOf(() => parseNodeJson(typeof value === 'string' ? value : JSON.stringify(value)));
  return fault && `${fault.fault} ${fault.detail}`;
};
const URI = 'vos://a/b';
const FULL: NodeDocument = {
  uri: URI,
  type: 'DataNode',
  properties: [
    { uri: 'urn:x', value: 'v', readOnly: true },
    { uri: '__proto__', value: 'w', readOnly: false },
  ],
  busy: false,
  accepts: [{ uri: 'v', original: true, params: [{ uri: 'p', value: '' }] }],
  provides: [],
  capabilities: [{ uri: 'c', endpoint: 'https://e', params: [{ uri: 'p', value: '1' }] }],
};
const CONTAINER: NodeDocument = { uri: 'vos://a/c', type: 'ContainerNode', properties: [], accepts: [], provides: [], capabilities: [] };
const LINK: NodeDocument = { ...CONTAINER, uri: 'vos://a/l', type: 'LinkNode', target: 'https://x' };

describe('parseNodeJson', () => {
  it('reads properties to set, to blank and to delete', () => {
    expect(parseNodeJson(`{"uri": "${URI}", "type": "DataNode", "properties": {"a": "1", "b": "", "c": null, "__proto__": "p"}}`)).toEqual({
      uri: URI,
      type: 'DataNode',
      properties: [
        { uri: 'a', value: '1' },
        { uri: 'b', value: '' },
        { uri: 'c', value: null },
        { uri: '__proto__', value: 'p' },
      ],
    });
  });

  it('takes a node without type for a plain Node, and reads the target of a link', () => {
    expect(parseNodeJson(`{"uri": " ${URI} "}`)).toEqual({ uri: URI, type: 'Node', properties: [] });
    expect(parseNodeJson(JSON.stringify({ uri: URI, type: 'LinkNode', target: 'https://x' })).target).toBe('https://x');
  });

  it('accepts an answer sent back', () => {
    expect(parseNodeJson(formatNodeJson(FULL)).properties).toEqual([
      { uri: 'urn:x', value: 'v' },
      { uri: '__proto__', value: 'w' },
    ]);
    expect(parseNodeJson(formatNodeJson(CONTAINER, [FULL, LINK])).type).toBe('ContainerNode');
  });

  it('names the path of what is wrong', () => {
    expect(refusal('nonsense')).toBe('InvalidArgument JSON $: is not JSON');
    expect(refusal('')).toBe('InvalidArgument JSON $: is not JSON');
    for (const value of ['[]', 'null', '"x"', '1']) expect(refusal(value)).toBe('InvalidArgument JSON $: is not an object');
    expect(refusal({})).toBe('InvalidArgument JSON $.uri: is missing');
    expect(refusal({ uri: 1 })).toBe('InvalidArgument JSON $.uri: is not a string');
    expect(refusal({ uri: ' ' })).toBe('InvalidArgument JSON $.uri: is blank');
    expect(refusal({ uri: URI, colour: 'red' })).toBe('InvalidArgument JSON $.colour: is not a member of this object');
    expect(refusal(`{"uri": "${URI}", "__proto__": {"type": "DataNode"}}`)).toBe(
      'InvalidArgument JSON $.__proto__: is not a member of this object',
    );
    expect(refusal({ uri: URI, type: 'FancyNode' })).toBe('TypeNotSupported FancyNode');
    expect(refusal({ uri: URI, type: 'constructor' })).toBe('TypeNotSupported constructor');
    expect(refusal({ uri: URI, target: 'x' })).toBe('InvalidArgument JSON $.target: a Node has no target');
    expect(refusal({ uri: URI, properties: [] })).toBe('InvalidArgument JSON $.properties: is not an object');
    expect(refusal({ uri: URI, properties: { 'urn:x': 1 } })).toBe('InvalidArgument JSON $.properties["urn:x"]: is not a string');
    expect(refusal({ uri: URI, properties: { a: '\u0000' } })).toBe(
      'InvalidArgument JSON $.properties.a: contains U+0000, which XML cannot carry',
    );
    expect(refusal({ uri: URI, properties: { a: '\ud800' } })).toContain('U+D800');
    expect(refusal({ uri: URI, properties: { '': '1' } })).toBe('InvalidArgument JSON $.properties[""]: is blank');
    expect(refusal({ uri: URI, properties: { a: '1', ' a': '2' } })).toBe('InvalidArgument JSON $.properties[" a"]: is given twice');
    expect(refusal({ uri: URI, busy: 'no' })).toBe('InvalidArgument JSON $.busy: is neither true nor false');
    expect(refusal({ uri: URI, readOnly: 'a' })).toBe('InvalidArgument JSON $.readOnly: is not a list');
    expect(refusal({ uri: URI, accepts: [{ uri: 'a' }, {}] })).toBe('InvalidArgument JSON $.accepts[1].uri: is missing');
    expect(refusal({ uri: URI, capabilities: [{ uri: 'a', params: [{ uri: 'b' }] }] })).toBe(
      'InvalidArgument JSON $.capabilities[0].params[0].value: is missing',
    );
    expect(refusal({ uri: URI, nodes: [1] })).toBe('InvalidArgument JSON $.nodes[0]: is not an object');
  });

  it('has the limits of XML: properties, bytes of a value, bytes of a document, items of a list', () => {
    const properties = (n: number) => ({ uri: URI, properties: Object.fromEntries(Array.from({ length: n }, (_, i) => [`urn:${i}`, ''])) });
    expect([999, 1000, 1001].map((n) => refusal(properties(n)) !== undefined)).toEqual([false, false, true]);
    const value = (text: string) => ({ uri: URI, properties: { a: text } });
    expect([65_535, 65_536, 65_537].map((n) => refusal(value('x'.repeat(n))) !== undefined)).toEqual([false, false, true]);
    expect(refusal(value('€'.repeat(21_845) + 'x'))).toBeUndefined();
    expect(refusal(value('€'.repeat(21_845) + 'xx'))).toContain('longer than 65536');
    const padded = (n: number) => `{"uri": "${URI}"}`.padEnd(n);
    expect([1_048_575, 1_048_576, 1_048_577].map((n) => refusal(padded(n)) !== undefined)).toEqual([false, false, true]);
    const views = (n: number) => ({ uri: URI, accepts: Array.from({ length: n }, () => ({ uri: 'v' })) });
    expect([999, 1000, 1001].map((n) => refusal(views(n)) !== undefined)).toEqual([false, false, true]);
  });

  it('refuses deeply nested arrays as any other wrong value', () => {
    expect(refusal('['.repeat(200_000) + ']'.repeat(200_000))).toContain('InvalidArgument JSON $');
  });
});

describe('formatNodeJson', () => {
  it('writes the members that the type has', () => {
    expect(JSON.parse(formatNodeJson(CONTAINER))).toEqual({
      uri: 'vos://a/c',
      type: 'ContainerNode',
      properties: {},
      readOnly: [],
      accepts: [],
      provides: [],
      capabilities: [],
      nodes: [],
    });
    expect(JSON.parse(formatNodeJson(LINK))).toEqual({
      uri: 'vos://a/l',
      type: 'LinkNode',
      properties: {},
      readOnly: [],
      target: 'https://x',
    });
    expect(Object.keys(JSON.parse(formatNodeJson({ ...FULL, type: 'Node' })))).toEqual(['uri', 'type', 'properties', 'readOnly']);
    const { busy: _, ...quiet } = FULL;
    expect(JSON.parse(formatNodeJson(quiet)).busy).toBe(false);
  });

  it('leaves out what the detail does not ask for', () => {
    expect(JSON.parse(formatNodeJson(CONTAINER, [FULL], { detail: 'min' }))).toEqual({
      uri: 'vos://a/c',
      type: 'ContainerNode',
      nodes: [{ uri: URI, type: 'DataNode' }],
    });
    expect(Object.keys(JSON.parse(formatNodeJson(FULL, [], { detail: 'properties' })))).toEqual([
      'uri',
      'type',
      'properties',
      'readOnly',
      'busy',
    ]);
  });

  it('is the same in pieces', () => {
    for (const node of [CONTAINER, LINK, FULL]) {
      const children = node === CONTAINER ? [FULL, LINK] : [];
      expect(openNodeJson(node) + children.map((child) => formatChildJson(child)).join(',') + closeNodeJson(node)).toBe(
        formatNodeJson(node, children),
      );
    }
  });
});

describe('formatNodeInputJson and formatNodeInput', () => {
  it.each([
    {
      uri: URI,
      type: 'LinkNode',
      properties: [
        { uri: 'urn:a', value: null },
        { uri: 'urn:b', value: ' <&> ' },
      ],
      target: 'vos://a/b',
    },
    { uri: URI, type: 'ContainerNode', properties: [] },
  ] as const)('write what a service reads: %j', (input) => {
    expect(parseNodeJson(formatNodeInputJson(input))).toEqual(input);
    expect(parseNode(formatNodeInput(input))).toEqual(input);
  });
});

describe('parseNodeDocumentJson', () => {
  it('passes over what a later service may add', () => {
    expect(parseNodeDocumentJson(`{"uri": "${URI}", "later": 1, "nodes": [{"uri": "${URI}/b", "later": {}}]}`).children).toHaveLength(1);
  });

  it('reads what formatNodeJson writes, and leaves out properties without value', () => {
    expect(parseNodeDocumentJson(formatNodeJson(CONTAINER, [FULL, LINK]))).toEqual({ node: CONTAINER, children: [FULL, LINK] });
    expect(parseNodeDocumentJson(`{"uri": "${URI}", "properties": {"a": null}}`)).toEqual({
      node: { uri: URI, type: 'Node', properties: [], accepts: [], provides: [], capabilities: [] },
      children: [],
    });
    expect(faultOf(() => parseNodeDocumentJson('{'))?.detail).toBe('JSON $: is not JSON');
  });
});
