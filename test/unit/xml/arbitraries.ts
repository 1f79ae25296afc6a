// Random documents for the round-trip and differential tests, and the seed that replays them.
import fc from 'fast-check';
import type { Job, JobId } from '../../../src/model/job.ts';
import { PHASES } from '../../../src/model/job.ts';
import type { Capability, NodeDocument, Param, Property, View } from '../../../src/model/node.ts';
import { NODE_TYPES } from '../../../src/model/node.ts';
import type { Protocol, Transfer } from '../../../src/model/transfer.ts';
import { FAULTS, type FaultName } from '../../../src/faults.ts';

/** Runs of each property: `RUNS=100000` for a long night. */
export const RUNS = Number(process.env['RUNS'] ?? 5000);

/** A machine that is busy makes thousands of runs slow; slowness is no failure. */
export const PATIENT = { timeout: 600_000 };

/** The seed of this run, printed, and taken from the environment to replay a failure. */
export function seed(title: string): number {
  const value = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
  console.info(`${title}: SEED=${value}`);
  return value;
}

const characters = fc.constantFrom(
  'a',
  'Z',
  '0',
  ' ',
  '&',
  '<',
  '>',
  '"',
  "'",
  ']',
  ']]>',
  '-',
  '--',
  '/',
  '=',
  '%',
  '#',
  '&amp;',
  '&#10;',
  '<![CDATA[',
  '<!--',
  '<?x?>',
  '{',
  '\\',
  '\t',
  '\n',
  '\r',
  '\r\n',
  'é',
  '\u0085',
  '\u00a0',
  '\u1680',
  '\u2028',
  '\ufeff',
  '\ufffd',
  '\ud7ff',
  '\ue000',
  '😀',
  '\u{10ffff}',
);

/** Any text that XML can carry, markup and white space included. */
export const text = fc.array(characters, { maxLength: 12 }).map((parts) => parts.join(''));
/** A URI-like text that begins and ends with what nobody trims. */
export const uri = text.map((part) => `urn:${part}x`);

function optionals<T extends object>(
  record: { [K in keyof T]: fc.Arbitrary<T[K]> },
  requiredKeys: (keyof T & string)[],
): fc.Arbitrary<Partial<T>> {
  return fc.record(record, { requiredKeys }) as fc.Arbitrary<Partial<T>>;
}

const params = fc.array(fc.record({ uri, value: text }) as fc.Arbitrary<Param>, { minLength: 1, maxLength: 3 });
const view = optionals<View>({ uri, original: fc.boolean(), params } as { [K in keyof View]: fc.Arbitrary<View[K]> }, [
  'uri',
]) as fc.Arbitrary<View>;
const capability = optionals<Capability>({ uri, endpoint: uri, params } as { [K in keyof Capability]: fc.Arbitrary<Capability[K]> }, [
  'uri',
]) as fc.Arbitrary<Capability>;
const protocol = optionals<Protocol>(
  { uri, endpoint: uri, params, securityMethods: fc.array(uri, { maxLength: 2 }) } as { [K in keyof Protocol]: fc.Arbitrary<Protocol[K]> },
  ['uri', 'securityMethods'],
) as fc.Arbitrary<Protocol>;

const property: fc.Arbitrary<Property> = fc.record({
  uri: fc.oneof(uri, fc.constantFrom('__proto__', 'constructor', 'quality')),
  value: text,
  readOnly: fc.boolean(),
});
const properties = fc.uniqueArray(property, { selector: (item) => item.uri, maxLength: 6 });

export const node: fc.Arbitrary<NodeDocument> = fc
  .record({
    uri,
    type: fc.constantFrom(...NODE_TYPES),
    properties,
    busy: fc.boolean(),
    target: uri,
    views: fc.array(view, { maxLength: 2 }),
    capabilities: fc.array(capability, { maxLength: 2 }),
  })
  .map(({ uri: name, type, properties: list, busy, target, views, capabilities }) => {
    const data = type !== 'Node' && type !== 'LinkNode';
    return {
      uri: name,
      type,
      properties: list,
      ...(data && type !== 'ContainerNode' && { busy }),
      ...(type === 'LinkNode' && { target }),
      accepts: data ? views : [],
      provides: data ? views : [],
      capabilities: data ? capabilities : [],
    };
  });

export const transfer = optionals<Transfer>(
  {
    targets: fc.array(uri, { minLength: 1, maxLength: 3 }),
    direction: fc.oneof(uri, fc.constant('pushToVoSpace')),
    view,
    protocols: fc.array(protocol, { maxLength: 3 }),
    keepBytes: fc.boolean(),
    params: fc.oneof(params, fc.constant([])),
    version: fc.constant('2.1'),
  } as { [K in keyof Transfer]: fc.Arbitrary<Transfer[K]> },
  ['targets', 'direction', 'protocols', 'params', 'version'],
) as fc.Arbitrary<Transfer>;

const instant = fc.integer({ min: 0, max: 4_000_000_000_000 });
const jobParts = {
  id: fc.stringMatching(/^[A-Za-z0-9-]{1,20}$/).map((id) => id as JobId),
  owner: fc.option(fc.constantFrom('user1', 'ünal & co'), { nil: undefined }),
  phase: fc.constantFrom(...PHASES),
  runId: uri,
  created: instant,
  started: instant,
  ended: instant,
  executionDuration: fc.nat(),
  destruction: instant,
  parameters: fc.array(fc.record({ id: text, value: text }), { maxLength: 2 }),
  results: fc.array(fc.record({ id: text, href: uri }), { maxLength: 2 }),
  error: fc.record({ fault: fc.constantFrom(...(Object.keys(FAULTS) as FaultName[])), detail: fc.constant('') }),
  list: fc.constant('transfers' as const),
  request: transfer.map((one) => ({ kind: 'transfer' as const, transfer: one })),
};
export const job = fc.record(jobParts, {
  requiredKeys: ['id', 'owner', 'phase', 'created', 'executionDuration', 'destruction', 'parameters', 'results', 'list', 'request'],
}) as fc.Arbitrary<Job>;
