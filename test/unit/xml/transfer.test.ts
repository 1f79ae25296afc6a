// Transfer documents: the standard's kinds, and what older clients write.
import { describe, expect, it } from 'vitest';
import type { Transfer } from '../../../src/model/transfer.ts';
import { formatTransfer, parseTransfer } from '../../../src/xml/transfer.ts';
import { faultOf, outline, V } from './support.ts';

const CORE = 'ivo://ivoa.net/vospace/core#';
const transfer = (content: string) => `<vos:transfer ${V} version="2.1">${content}</vos:transfer>`;
const TARGET = '<vos:target>vos://a/f</vos:target>';
const PUSH = `${TARGET}<vos:direction>pushToVoSpace</vos:direction>`;
const refusal = (content: string) => faultOf(() => parseTransfer(transfer(content)))?.detail;

describe('parseTransfer', () => {
  it('reads a push with view, protocols, security methods and length', () => {
    const xml = transfer(
      `${PUSH}<vos:view uri="${CORE}binaryview"/><vos:protocol uri="${CORE}httpsput"><vos:securityMethod uri="ivo://ivoa.net/sso#cookie"/></vos:protocol>` +
        `<vos:protocol uri="${CORE}httpput"/><vos:param uri="${CORE}length">388943</vos:param>`,
    );
    expect(parseTransfer(xml)).toEqual({
      targets: ['vos://a/f'],
      direction: 'pushToVoSpace',
      view: { uri: `${CORE}binaryview` },
      protocols: [
        { uri: `${CORE}httpsput`, securityMethods: ['ivo://ivoa.net/sso#cookie'] },
        { uri: `${CORE}httpput`, securityMethods: [] },
      ],
      params: [{ uri: `${CORE}length`, value: '388943' }],
      version: '2.1',
    });
  });

  it('reads a move and a copy', () => {
    const move = (keep: string) =>
      parseTransfer(transfer(`${TARGET}<vos:direction>\n  vos://a/dir/g\n</vos:direction><vos:keepBytes>${keep}</vos:keepBytes>`));
    expect(move('false')).toMatchObject({ direction: 'vos://a/dir/g', keepBytes: false, protocols: [], params: [] });
    expect([move('true'), move(' 1 '), move('0')].map((read) => read.keepBytes)).toEqual([true, true, false]);
  });

  it('reads a view with parameters, several targets and a 2.0 document without version', () => {
    const read = parseTransfer(
      `<transfer xmlns="http://www.ivoa.net/xml/VOSpace/v2.0"><target>vos://a/f</target><target>vos://a/g</target><direction>pullFromVoSpace</direction>` +
        `<view uri="v" original="false"><param uri="p">1</param><param uri="q"/></view></transfer>`,
    );
    expect(read).toEqual({
      targets: ['vos://a/f', 'vos://a/g'],
      direction: 'pullFromVoSpace',
      view: {
        uri: 'v',
        original: false,
        params: [
          { uri: 'p', value: '1' },
          { uri: 'q', value: '' },
        ],
      },
      protocols: [],
      params: [],
    });
  });

  it('reads an endpoint under both of its names, and protocol parameters', () => {
    const read = parseTransfer(
      transfer(
        `${PUSH}<vos:protocol uri="p"><vos:endpoint> http://e/1 </vos:endpoint><vos:param uri="user">u</vos:param></vos:protocol><vos:protocol uri="p"><vos:protocolEndpoint>http://e/2</vos:protocolEndpoint></vos:protocol>`,
      ),
    );
    expect(read.protocols).toEqual([
      { uri: 'p', endpoint: 'http://e/1', params: [{ uri: 'user', value: 'u' }], securityMethods: [] },
      { uri: 'p', endpoint: 'http://e/2', securityMethods: [] },
    ]);
  });

  it('leaves out a security method that says nothing', () => {
    const read = parseTransfer(
      transfer(
        `${PUSH}<vos:protocol uri="p"><vos:securityMethod/><vos:securityMethod uri=""/><vos:securityMethod uri="s"/></vos:protocol>`,
      ),
    );
    expect(read.protocols[0]?.securityMethods).toEqual(['s']);
  });

  it('refuses what is no transfer, naming what is wrong', () => {
    expect(refusal('<vos:direction>pushToVoSpace</vos:direction>')).toBe('<transfer> has no <target>');
    expect(refusal(TARGET)).toBe('<transfer> has no <direction>');
    expect(refusal(`<vos:target/><vos:direction>x</vos:direction>`)).toBe('<target> is empty');
    expect(refusal(`${PUSH}<vos:direction>pullToVoSpace</vos:direction>`)).toContain('more than one <direction>');
    expect(refusal(`${PUSH}<vos:keepBytes>True</vos:keepBytes>`)).toContain('<keepBytes> is "True"');
    expect(refusal(`${PUSH}<vos:keepBytes/>`)).toContain('neither true nor false');
    expect(refusal(`${PUSH}<vos:protocol/>`)).toContain('<protocol> has no attribute uri');
    expect(refusal(`${PUSH}<vos:protocol uri="p"><vos:endpoint>a</vos:endpoint><vos:endpoint>b</vos:endpoint></vos:protocol>`)).toContain(
      'more than one <endpoint>',
    );
    expect(
      refusal(`${PUSH}<vos:protocol uri="p"><vos:endpoint>a</vos:endpoint><vos:protocolEndpoint>b</vos:protocolEndpoint></vos:protocol>`),
    ).toContain('both');
    expect(refusal(`${PUSH}<vos:view uri="v"/><vos:view uri="v"/>`)).toContain('more than one <view>');
    expect(refusal(`${PUSH}<vos:extra/>`)).toContain('must not contain <extra>');
    expect(refusal(`${PUSH}<vos:param>1</vos:param>`)).toContain('<param> has no attribute uri');
  });
});

describe('formatTransfer', () => {
  const FULL: Transfer = {
    targets: ['vos://a/f'],
    direction: 'pushToVoSpace',
    view: { uri: 'v', original: true, params: [{ uri: 'p', value: '1' }] },
    protocols: [
      { uri: 'p', endpoint: 'https://e/?a=1&b=2', params: [{ uri: 'q', value: '' }], securityMethods: ['s'] },
      { uri: 'r', securityMethods: [] },
    ],
    keepBytes: true,
    params: [{ uri: 'l', value: '1' }],
  };

  it('orders the elements as the schema has them, and is of version 2.1', () => {
    const xml = formatTransfer(FULL);
    expect(outline(xml)).toEqual(
      [
        'transfer',
        'target',
        'direction',
        'view',
        'param',
        'protocol',
        'endpoint',
        'param',
        'securityMethod',
        'protocol',
        'keepBytes',
        'param',
      ].map((name) => `vos:${name}`),
    );
    expect(xml).toContain('version="2.1"');
    expect(xml).toContain('<vos:endpoint>https://e/?a=1&amp;b=2</vos:endpoint>');
  });

  it('writes no security method that the client did not send, and no protocols when there are none', () => {
    expect(formatTransfer({ ...FULL, protocols: [{ uri: 'r', securityMethods: [] }] })).not.toContain('securityMethod');
    expect(formatTransfer({ ...FULL, protocols: [] })).not.toContain('protocol');
  });
});
