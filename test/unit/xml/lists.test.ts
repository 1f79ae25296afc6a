// The service's lists, and the protocols document a client posts to a node.
import { describe, expect, it } from 'vitest';
import { formatProperties, formatProtocols, formatViews, parseProtocols } from '../../../src/xml/lists.ts';
import { faultOf, outline, V } from './support.ts';

const GET = { uri: 'ivo://ivoa.net/vospace/core#httpget', securityMethods: [] };
const PUT = { uri: 'ivo://ivoa.net/vospace/core#httpput', securityMethods: ['ivo://ivoa.net/sso#BasicAA'] };

describe('the lists', () => {
  it('of protocols and views have accepts and provides', () => {
    expect(outline(formatProtocols({ accepts: [GET], provides: [GET, PUT] }))).toEqual(
      ['protocols', 'accepts', 'protocol', 'provides', 'protocol', 'protocol', 'securityMethod'].map((name) => `vos:${name}`),
    );
    expect(outline(formatViews({ accepts: [], provides: [{ uri: 'v' }] }))).toEqual([
      'vos:views',
      'vos:accepts',
      'vos:provides',
      'vos:view',
    ]);
  });

  it('of properties has accepts, provides marked readOnly, and contains', () => {
    const xml = formatProperties({ accepts: ['a'], provides: ['b'], contains: ['c&'] });
    expect(xml).toContain(
      'version="2.1"><vos:accepts><vos:property uri="a"/></vos:accepts><vos:provides><vos:property uri="b" readOnly="true"/></vos:provides><vos:contains><vos:property uri="c&amp;"/></vos:contains>',
    );
  });
});

describe('parseProtocols', () => {
  it('reads what formatProtocols writes', () => {
    const lists = { accepts: [GET], provides: [GET, PUT] };
    expect(parseProtocols(formatProtocols(lists))).toEqual(lists);
  });

  it('reads an empty document, and a flat list as both lists', () => {
    expect(parseProtocols(`<vos:protocols ${V}/>`)).toEqual({ accepts: [], provides: [] });
    expect(parseProtocols(`<vos:protocols ${V}><vos:protocol uri="${GET.uri}"/></vos:protocols>`)).toEqual({
      accepts: [GET],
      provides: [GET],
    });
    expect(
      parseProtocols(
        `<vos:protocols ${V}><vos:protocol uri="p"/><vos:accepts><vos:protocol uri="q"/></vos:accepts></vos:protocols>`,
      ).accepts.map((p) => p.uri),
    ).toEqual(['p', 'q']);
  });

  it('refuses other documents and elements', () => {
    expect(faultOf(() => parseProtocols(`<vos:views ${V}/>`))?.detail).toContain('not <protocols>');
    expect(faultOf(() => parseProtocols(`<vos:protocols ${V}><vos:view/></vos:protocols>`))?.detail).toContain('must not contain <view>');
    expect(faultOf(() => parseProtocols(`<vos:protocols ${V}><vos:accepts><vos:view/></vos:accepts></vos:protocols>`))?.detail).toContain(
      'must not contain <view>',
    );
  });
});
