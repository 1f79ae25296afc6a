// Transfer documents in JSON.
import { describe, expect, it } from 'vitest';
import { formatTransferJson, parseTransferJson } from '../../../src/model/json/transfer.ts';
import { faultOf } from '../xml/support.ts';

const refusal = (value: object) => faultOf(() => parseTransferJson(JSON.stringify(value)))?.detail;
const PUSH = { target: 'vos://a/f', direction: 'pushToVoSpace' };

describe('parseTransferJson', () => {
  it('reads a push, with null for what is not given', () => {
    const protocols = [{ uri: 'p', endpoint: 'https://e', params: [{ uri: 'q', value: '1' }], securityMethods: ['s'] }, { uri: 'r' }];
    expect(
      parseTransferJson(
        JSON.stringify({
          ...PUSH,
          view: { uri: 'v', original: false },
          protocols,
          params: [{ uri: 'l', value: '1' }],
          keepBytes: null,
          version: '2.1',
        }),
      ),
    ).toEqual({
      targets: ['vos://a/f'],
      direction: 'pushToVoSpace',
      view: { uri: 'v', original: false },
      protocols: [protocols[0], { uri: 'r', securityMethods: [] }],
      params: [{ uri: 'l', value: '1' }],
      version: '2.1',
    });
  });

  it('reads a move, and several targets', () => {
    expect(parseTransferJson('{"target": "vos://a/f", "direction": "vos://a/g", "keepBytes": false}')).toEqual({
      targets: ['vos://a/f'],
      direction: 'vos://a/g',
      protocols: [],
      keepBytes: false,
      params: [],
    });
    expect(parseTransferJson('{"targets": ["vos://a/f", "vos://a/g"], "direction": "pullFromVoSpace"}').targets).toEqual([
      'vos://a/f',
      'vos://a/g',
    ]);
  });

  it('names the path of what is wrong', () => {
    expect(refusal({ direction: 'x' })).toBe('JSON $.target: exactly one of target and targets must be given');
    expect(refusal({ ...PUSH, targets: ['vos://a/g'] })).toBe('JSON $.target: exactly one of target and targets must be given');
    expect(refusal({ target: 'vos://a/f' })).toBe('JSON $.direction: is missing');
    expect(refusal({ ...PUSH, keepBytes: 'true' })).toBe('JSON $.keepBytes: is neither true nor false');
    expect(refusal({ ...PUSH, protocols: [{ uri: 'p', securityMethods: [''] }] })).toBe('JSON $.protocols[0].securityMethods[0]: is blank');
    expect(refusal({ ...PUSH, protocols: [{ uri: 'p', url: 'x' }] })).toBe('JSON $.protocols[0].url: is not a member of this object');
    expect(refusal({ ...PUSH, view: 'v' })).toBe('JSON $.view: is not an object');
  });
});

describe('formatTransferJson', () => {
  it('writes one target as target and several as targets', () => {
    const rest = { direction: 'x', protocols: [], params: [] };
    expect(JSON.parse(formatTransferJson({ targets: ['a'], ...rest }))).toEqual({ target: 'a', ...rest, version: '2.1' });
    expect(JSON.parse(formatTransferJson({ targets: ['a', 'b'], ...rest }))).toEqual({ targets: ['a', 'b'], ...rest, version: '2.1' });
  });
});
