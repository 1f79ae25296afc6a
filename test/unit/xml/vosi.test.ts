// VOSI documents.
import { describe, expect, it } from 'vitest';
import { formatCapabilitiesJson, parseCapabilitiesJson } from '../../../src/model/json/capabilities.ts';
import { parseCapabilities } from '../../../src/xml/parse-capabilities.ts';
import { readXml } from '../../../src/xml/read.ts';
import { formatAvailability, formatCapabilities } from '../../../src/xml/vosi.ts';

describe('formatCapabilities', () => {
  const xml = formatCapabilities([
    {
      standardID: 'ivo://ivoa.net/std/VOSpace/v2.0#nodes',
      interfaces: [
        { url: 'http://127.0.0.1:8787/vos/nodes', use: 'base', securityMethods: [undefined, 'ivo://ivoa.net/sso#BasicAA'], version: '2.1' },
      ],
    },
    {
      standardID: 'ivo://ivoa.net/std/VOSI#availability',
      interfaces: [{ url: 'http://127.0.0.1:8787/vos/availability', securityMethods: [undefined] }],
    },
  ]);

  it('is read by the OpenCADC client: unqualified children, the prefix xsi declared at the root', () => {
    const root = readXml(xml);
    expect([root.namespace, root.prefixes.get('xsi')]).toEqual([
      'http://www.ivoa.net/xml/VOSICapabilities/v1.0',
      'http://www.w3.org/2001/XMLSchema-instance',
    ]);
    expect(root.children.map((child) => [child.namespace, child.name, child.attributes[0]?.name])).toEqual([
      ['', 'capability', 'standardID'],
      ['', 'capability', 'standardID'],
    ]);
    expect(root.children[0]?.children[0]?.children.map((child) => `${child.namespace}${child.name}`)).toEqual([
      'accessURL',
      'securityMethod',
      'securityMethod',
    ]);
  });

  it('names anonymous access by a security method without standardID', () => {
    expect(xml).toContain(
      '<interface xsi:type="vs:ParamHTTP" role="std" version="2.1"><accessURL use="base">http://127.0.0.1:8787/vos/nodes</accessURL><securityMethod/><securityMethod standardID="ivo://ivoa.net/sso#BasicAA"/></interface>',
    );
    expect(xml).toContain('<interface xsi:type="vs:ParamHTTP" role="std"><accessURL use="full">');
  });
});

describe('parseCapabilities', () => {
  it('reads what formatCapabilities writes', () => {
    const offered = [
      {
        standardID: 'ivo://a/b#c',
        interfaces: [{ url: 'https://h/c', use: 'base', securityMethods: [undefined, 'ivo://x#y'], version: '2.1' }],
      },
      { standardID: 'ivo://a/b#d', interfaces: [{ url: 'https://h/d', use: 'full', securityMethods: [] }] },
    ] as const;
    expect(parseCapabilities(formatCapabilities(offered))).toEqual(offered);
    expect(parseCapabilitiesJson(formatCapabilitiesJson(offered))).toEqual(offered);
  });

  it('reads qualified elements, and leaves out what has no identifier or no URL', () => {
    const read = parseCapabilities(
      `<v:capabilities xmlns:v="http://www.ivoa.net/xml/VOSICapabilities/v1.0"><v:capability standardID="ivo://a/b"><v:interface><v:accessURL> https://h/x </v:accessURL></v:interface><v:interface/></v:capability><capability/></v:capabilities>`,
    );
    expect(read).toEqual([{ standardID: 'ivo://a/b', interfaces: [{ url: 'https://h/x', use: 'full', securityMethods: [] }] }]);
  });
});

describe('formatAvailability', () => {
  it('orders the elements as the schema has them', () => {
    const xml = formatAvailability({ available: false, notes: ['store & more', 'second'], upSince: 0, downAt: 1, backAt: 2 });
    const root = readXml(xml);
    expect(root.namespace).toBe('http://www.ivoa.net/xml/VOSIAvailability/v1.0');
    expect(root.children.map((child) => [child.name, child.text])).toEqual([
      ['available', 'false'],
      ['upSince', '1970-01-01T00:00:00.000Z'],
      ['downAt', '1970-01-01T00:00:00.001Z'],
      ['backAt', '1970-01-01T00:00:00.002Z'],
      ['note', 'store & more'],
      ['note', 'second'],
    ]);
  });

  it('says only that it is available when there is nothing else to say', () => {
    expect(readXml(formatAvailability({ available: true, notes: [] })).children.map((child) => child.text)).toEqual(['true']);
  });
});
