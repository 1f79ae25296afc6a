// Node documents: as clients write them, and as the schema orders them.
import { describe, expect, it } from 'vitest';
import type { NodeDocument } from '../../../src/model/node.ts';
import { NODE_TYPES } from '../../../src/model/node.ts';
import { closeNode, formatChild, formatNode, openNode, parseNode, parseNodeDocument } from '../../../src/xml/node.ts';
import { faultOf, outline, V, X } from './support.ts';

const node = (attributes: string, content = '') => `<vos:node ${V} ${X} ${attributes}>${content}</vos:node>`;
const properties = (content: string) => node('uri="vos://a/b"', `<vos:properties>${content}</vos:properties>`);
const refusal = (xml: string) => {
  const fault = faultOf(() => parseNode(xml));
  return fault && `${fault.fault} ${fault.detail}`;
};

describe('parseNode', () => {
  it('reads what the OpenCADC client writes: two prefixes and a default for one namespace', () => {
    const namespace = 'http://www.ivoa.net/xml/VOSpace/v2.0';
    const view = '<view uri="ivo://ivoa.net/vospace/core#defaultview" />';
    const xml =
      `<node xmlns:ns1="${namespace}" ${X} xmlns="${namespace}" ${V} xsi:type="vos:ContainerNode" uri="vos://a~b/c">` +
      `<ns1:properties><property uri="quality" readOnly="false">1</property></ns1:properties>` +
      `<ns1:accepts>${view}</ns1:accepts><ns1:provides>${view}<view uri="ivo://cadc.nrc.ca/vospace/view#rss" /></ns1:provides><ns1:nodes /></node>`;
    expect(parseNode(xml)).toEqual({ uri: 'vos://a~b/c', type: 'ContainerNode', properties: [{ uri: 'quality', value: '1' }] });
  });

  it('reads what the OpenCADC client sends back: xsi:type with the prefix of the answer, which is not declared any more', () => {
    const changed = '<ns0:property uri="x" xsi:nil="true" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" />';
    const xml = `<?xml version='1.0' encoding='UTF-8'?>\n<ns0:node xmlns:ns0="http://www.ivoa.net/xml/VOSpace/v2.0" ${X} version="2.1" xsi:type="vos:DataNode" uri="vos://a/b"><ns0:properties>${changed}</ns0:properties></ns0:node>`;
    expect(parseNode(xml)).toEqual({ uri: 'vos://a/b', type: 'DataNode', properties: [{ uri: 'x', value: null }] });
    expect(refusal(xml.replace(X, `${X} xmlns:vos="u"`))).toBe('TypeNotSupported vos:DataNode');
    expect(refusal(xml.replace('vos:DataNode', 'ns1:DataNode'))).toBe('TypeNotSupported ns1:DataNode');
  });

  it('reads a link with its target after the properties', () => {
    const xml = `<ns0:node xmlns:ns0="http://www.ivoa.net/xml/VOSpace/v2.0" ${X} xsi:type="ns0:LinkNode" uri="vos://a/l"><ns0:properties/><ns0:target>\n https://example.org/x \n</ns0:target></ns0:node>`;
    expect(parseNode(xml)).toEqual({ uri: 'vos://a/l', type: 'LinkNode', properties: [], target: 'https://example.org/x' });
  });

  it('tells set, blank and nil properties apart, and keeps white space in values', () => {
    const xml = properties(
      '<vos:property uri="a"> x\n</vos:property><vos:property uri="b"></vos:property><vos:property uri="c" xsi:nil="true"/><vos:property uri="d" xsi:nil="0"/>',
    );
    expect(parseNode(xml).properties).toEqual([
      { uri: 'a', value: ' x\n' },
      { uri: 'b', value: '' },
      { uri: 'c', value: null },
      { uri: 'd', value: '' },
    ]);
  });

  it('lets white space stand in a nil property', () => {
    expect(parseNode(properties('<vos:property uri="a" xsi:nil="true">\n  </vos:property>')).properties).toEqual([
      { uri: 'a', value: null },
    ]);
  });

  it('takes a node without xsi:type for a plain Node', () => {
    expect(parseNode(node('uri="vos://a/b"'))).toEqual({ uri: 'vos://a/b', type: 'Node', properties: [] });
  });

  it('knows the six types, by any prefix and in the namespace that pyvospace writes', () => {
    for (const type of NODE_TYPES) {
      expect(parseNode(node(`xsi:type="vos:${type}" uri="vos://a/b"`)).type).toBe(type);
      expect(parseNode(`<node xmlns="http://www.ivoa.net/xml/VOSpace/v2.1" ${X} xsi:type=" ${type} " uri="vos://a/b"/>`).type).toBe(type);
    }
  });

  it('answers TypeNotSupported with the QName for any other type', () => {
    for (const type of [
      'vos:FancyNode',
      'DataNode',
      'xsi:DataNode',
      'none:DataNode',
      '',
      'vos:vos:DataNode',
      'vos:datanode',
      'vos:constructor',
    ]) {
      expect(refusal(node(`xsi:type="${type}" uri="vos://a/b"`))).toBe(`TypeNotSupported ${type}`);
    }
  });

  it('reads accepts, provides, capabilities and nodes and ignores them', () => {
    const lists =
      '<vos:accepts><vos:view uri="v"/></vos:accepts><vos:provides/><vos:capabilities><vos:capability uri="c"><vos:endpoint>e</vos:endpoint><vos:param uri="p">1</vos:param></vos:capability></vos:capabilities>' +
      '<vos:nodes><vos:node uri="vos://a/b/c" xsi:type="vos:Unknown"/></vos:nodes>';
    expect(parseNode(node('xsi:type="vos:ContainerNode" uri="vos://a/b" busy="maybe" version="9"', lists))).toEqual({
      uri: 'vos://a/b',
      type: 'ContainerNode',
      properties: [],
    });
  });

  it('refuses a document that is not a node of VOSpace', () => {
    expect(refusal(`<vos:transfer ${V}/>`)).toContain('root element is <transfer>');
    expect(refusal('<node uri="vos://a/b"/>')).toContain('namespace of <node> is ""');
    expect(refusal('<node xmlns="http://www.ivoa.net/xml/VOSpace/v1.0" uri="vos://a/b"/>')).toContain('v1.0');
    expect(refusal('nonsense')).toContain('InvalidArgument');
  });

  it('refuses what the schema does not have, naming it', () => {
    expect(refusal(node(''))).toBe('InvalidArgument <node> has no attribute uri');
    expect(refusal(node('uri="  "'))).toBe('InvalidURI <node> has an empty uri');
    expect(refusal(node('uri="vos://a/b"', '<vos:propertys/>'))).toContain('must not contain <propertys>');
    expect(refusal(node('uri="vos://a/b"', '<properties/>'))).toContain('must not contain <properties>');
    expect(refusal(node('uri="vos://a/b"', 'text'))).toContain('must not contain text');
    expect(refusal(node('uri="vos://a/b"', '<vos:properties/><vos:properties/>'))).toContain('more than one <properties>');
    expect(refusal(node('uri="vos://a/b"', '<vos:target>x</vos:target>'))).toContain('a Node has no <target>');
    expect(refusal(node('uri="vos://a/b" xsi:type="vos:LinkNode"', '<vos:target> </vos:target>'))).toContain('<target> is empty');
    expect(refusal(node('uri="vos://a/b"', '<vos:accepts><vos:view/></vos:accepts>'))).toContain('<view> has no attribute uri');
    expect(refusal(node('uri="vos://a/b"', '<vos:accepts><vos:vew/></vos:accepts>'))).toContain('must not contain <vew>');
    expect(refusal(node('uri="vos://a/b"', '<vos:capabilities><vos:view/></vos:capabilities>'))).toContain('must not contain <view>');
    expect(refusal(node('uri="vos://a/b"', '<vos:nodes><vos:nod/></vos:nodes>'))).toContain('must not contain <nod>');
  });

  it('refuses properties that say two things, naming them', () => {
    expect(refusal(properties('<vos:property uri="a">1</vos:property><vos:property uri="a">2</vos:property>'))).toBe(
      'InvalidArgument property a is given twice',
    );
    expect(refusal(properties('<vos:property uri="a" xsi:nil="true">1</vos:property>'))).toBe(
      'InvalidArgument property a is nil and has a value',
    );
    expect(refusal(properties('<vos:property uri="a" xsi:nil="yes"/>'))).toContain('attribute nil of <property> is "yes"');
    expect(refusal(properties('<vos:property uri="a" readOnly="maybe"/>'))).toContain('attribute readOnly');
    expect(refusal(properties('<vos:property>1</vos:property>'))).toContain('<property> has no attribute uri');
    expect(refusal(properties('<vos:property uri="a"><vos:b/></vos:property>'))).toContain('<property> must not contain <b>');
  });

  it('takes 1,000 properties and refuses one more', () => {
    const many = (n: number) => properties(Array.from({ length: n }, (_, i) => `<vos:property uri="urn:${i}"/>`).join(''));
    expect(parseNode(many(999)).properties).toHaveLength(999);
    expect(parseNode(many(1000)).properties).toHaveLength(1000);
    expect(refusal(many(1001))).toBe('InvalidArgument a node has at most 1000 properties');
  });
});

const FULL: NodeDocument = {
  uri: 'vos://a/b',
  type: 'DataNode',
  properties: [
    { uri: 'urn:x', value: '<&>', readOnly: false },
    { uri: 'urn:y', value: '', readOnly: true },
  ],
  busy: true,
  accepts: [{ uri: 'v1' }],
  provides: [{ uri: 'v2', original: false, params: [{ uri: 'p', value: '1' }] }],
  capabilities: [{ uri: 'c', endpoint: 'https://e', params: [{ uri: 'p', value: '' }] }],
};
const CONTAINER: NodeDocument = { uri: 'vos://a/c', type: 'ContainerNode', properties: [], accepts: [], provides: [], capabilities: [] };
const LINK: NodeDocument = { ...FULL, uri: 'vos://a/l', type: 'LinkNode', target: 'vos://a/b' };

describe('formatNode', () => {
  it('orders the elements of a data node as the schema has them', () => {
    const xml = formatNode(FULL);
    expect(outline(xml)).toEqual(
      [
        'node',
        'properties',
        'property',
        'property',
        'accepts',
        'view',
        'provides',
        'view',
        'param',
        'capabilities',
        'capability',
        'endpoint',
        'param',
      ].map((name) => `vos:${name}`),
    );
    expect(xml).toContain('version="2.1" xsi:type="vos:DataNode" uri="vos://a/b" busy="true">');
    expect(xml).toContain('<vos:property uri="urn:x">&lt;&amp;&gt;</vos:property><vos:property uri="urn:y" readOnly="true"/>');
    expect(
      xml.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n<vos:node xmlns:vos="http://www.ivoa.net/xml/VOSpace/v2.0" xmlns:xsi='),
    ).toBe(true);
  });

  it('gives a container nodes, last and also when there are none', () => {
    expect(outline(formatNode(CONTAINER))).toEqual([
      'vos:node',
      'vos:properties',
      'vos:accepts',
      'vos:provides',
      'vos:capabilities',
      'vos:nodes',
    ]);
    expect(formatNode(CONTAINER).endsWith('<vos:nodes></vos:nodes></vos:node>')).toBe(true);
  });

  it('gives a link properties and target only, and a plain node properties only', () => {
    expect(outline(formatNode(LINK))).toEqual(['vos:node', 'vos:properties', 'vos:property', 'vos:property', 'vos:target']);
    expect(outline(formatNode({ ...FULL, type: 'Node' }))).toEqual(['vos:node', 'vos:properties', 'vos:property', 'vos:property']);
    expect(formatNode(LINK)).not.toContain('busy');
  });

  it('writes every child with its type and without empty lists; version only on the root', () => {
    const xml = formatNode(CONTAINER, [FULL, CONTAINER, LINK]);
    expect(xml.match(/xsi:type=/g)).toHaveLength(4);
    expect(xml.match(/ version="2.1"/g)).toHaveLength(1);
    expect(xml).toContain('<vos:node xsi:type="vos:ContainerNode" uri="vos://a/c"><vos:properties/><vos:nodes/></vos:node>');
  });

  it('leaves out everything optional at detail=min', () => {
    const xml = formatNode(CONTAINER, [FULL, CONTAINER, LINK], { detail: 'min' });
    expect(outline(xml).slice(1)).toEqual(['vos:nodes', 'vos:node', 'vos:node', 'vos:nodes', 'vos:node', 'vos:target']);
    expect(xml).toContain('<vos:node xsi:type="vos:DataNode" uri="vos://a/b"/>');
  });

  it('leaves out what belongs to the type at detail=properties', () => {
    expect(outline(formatNode(FULL, [], { detail: 'properties' }))).toEqual(['vos:node', 'vos:properties', 'vos:property', 'vos:property']);
    expect(formatNode(FULL, [], { detail: 'properties' })).not.toContain('busy');
  });

  it('says busy="false" of a data node that does not say', () => {
    const { busy: _, ...quiet } = FULL;
    expect(formatNode(quiet)).toContain('busy="false"');
  });

  it('is the same in pieces', () => {
    for (const root of [CONTAINER, FULL, LINK]) {
      const children = root === CONTAINER ? [FULL, LINK] : [];
      expect(openNode(root) + children.map((child) => formatChild(child)).join('') + closeNode(root)).toBe(formatNode(root, children));
    }
  });
});

describe('parseNodeDocument', () => {
  it('reads what formatNode writes, children included', () => {
    const { busy: _, ...link } = LINK;
    expect(parseNodeDocument(formatNode(CONTAINER, [FULL]))).toEqual({ node: CONTAINER, children: [FULL] });
    expect(parseNodeDocument(formatNode(link)).node).toEqual({ ...link, accepts: [], provides: [], capabilities: [] });
  });

  it('passes over elements it does not know and properties without value, and does without lists', () => {
    const xml = node('uri="vos://a/b"', '<vos:properties><vos:property uri="x" xsi:nil="true"/></vos:properties><extra/>');
    expect(parseNodeDocument(xml)).toEqual({
      node: { uri: 'vos://a/b', type: 'Node', properties: [], accepts: [], provides: [], capabilities: [] },
      children: [],
    });
    expect(parseNodeDocument(node('uri="vos://a/b"')).node.properties).toEqual([]);
  });
});
