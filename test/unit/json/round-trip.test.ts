// JSON documents read back unchanged, and say the same as their XML.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatJobJson, parseJobJson } from '../../../src/model/json/job.ts';
import { formatNodeJson, parseNodeDocumentJson, parseNodeJson } from '../../../src/model/json/node.ts';
import { formatTransferJson, parseTransferJson } from '../../../src/model/json/transfer.ts';
import { asFault } from '../../../src/faults.ts';
import { formatNode, parseNode } from '../../../src/xml/node.ts';
import { PATIENT, job, node, RUNS, seed, transfer } from '../xml/arbitraries.ts';
import { subjectOf } from '../../../src/model/job.ts';
import { asRead } from '../xml/support.ts';

const options = { numRuns: RUNS, seed: seed('JSON round trip test') };

describe('a JSON document read after it was written is the same', PATIENT, () => {
  it('for a node with children, and what a client sends back means the same in XML', () => {
    fc.assert(
      fc.property(node, fc.array(node, { maxLength: 3 }), (root, nodes) => {
        const children = root.type === 'ContainerNode' ? nodes : [];
        expect(parseNodeDocumentJson(formatNodeJson(root, children))).toEqual({ node: root, children });
        expect(parseNodeJson(formatNodeJson(root, children))).toEqual(parseNode(formatNode(root, children)));
      }),
      options,
    );
  });

  it('for a transfer and a job', () => {
    fc.assert(
      fc.property(transfer, job, (request, document) => {
        expect(parseTransferJson(formatTransferJson(request))).toEqual(request);
        expect(parseJobJson(formatJobJson(document, { jobs: 'https://example.org/vos/transfers' }))).toEqual({
          ...asRead(document),
          subject: subjectOf(document.request),
        });
      }),
      options,
    );
  });
});

describe('any JSON value', PATIENT, () => {
  it('is a document or a fault of the client, never another error', () => {
    const members = fc.constantFrom(
      'uri',
      'type',
      'properties',
      'target',
      'targets',
      'direction',
      'protocols',
      'params',
      'view',
      'nodes',
      'jobInfo',
      'results',
      '__proto__',
    );
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(null, true, 0, '', 'vos://a/b', 'DataNode', 'PENDING', 1e300, '\u0000'),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.array(fc.tuple(members, tie('value')), { maxLength: 5 }).map((entries) => Object.fromEntries(entries)),
      ),
    }));
    fc.assert(
      fc.property(value, fc.constantFrom(parseNodeJson, parseNodeDocumentJson, parseTransferJson, parseJobJson), (json, parse) => {
        try {
          parse(JSON.stringify(json));
        } catch (error) {
          if (!asFault(error)) throw error;
        }
      }),
      options,
    );
  });
});
