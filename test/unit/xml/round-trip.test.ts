// Whatever the service can hold is written so that it is read back unchanged.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatJob } from '../../../src/xml/job.ts';
import { formatNode, parseNode, parseNodeDocument } from '../../../src/xml/node.ts';
import { parseJob } from '../../../src/xml/parse-job.ts';
import { formatTransfer, parseTransfer } from '../../../src/xml/transfer.ts';
import { PATIENT, job, node, RUNS, seed, transfer } from './arbitraries.ts';
import { asRead } from './support.ts';

const options = { numRuns: RUNS, seed: seed('XML round trip test') };

describe('a document read after it was written is the same', PATIENT, () => {
  it('for a node with children', () => {
    fc.assert(
      fc.property(node, fc.array(node, { maxLength: 3 }), (root, nodes) => {
        const children = root.type === 'ContainerNode' ? nodes : [];
        expect(parseNodeDocument(formatNode(root, children))).toEqual({ node: root, children });
      }),
      options,
    );
  });

  it('for a node that a client sends back', () => {
    fc.assert(
      fc.property(node, (document) => {
        const { uri, type, properties, target } = document;
        expect(parseNode(formatNode(document))).toEqual({
          uri,
          type,
          properties: properties.map((property) => ({ uri: property.uri, value: property.value })),
          ...(target !== undefined && { target }),
        });
      }),
      options,
    );
  });

  it('for a transfer', () => {
    fc.assert(
      fc.property(transfer, (document) => {
        expect(parseTransfer(formatTransfer(document))).toEqual(document);
      }),
      options,
    );
  });

  it('for a job', () => {
    fc.assert(
      fc.property(job, (document) => {
        expect(parseJob(formatJob(document, { jobs: 'https://example.org/vos/transfers' }))).toEqual({
          ...asRead(document),
          version: '1.1',
        });
      }),
      options,
    );
  });
});
