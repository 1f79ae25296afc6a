// What a service offers in JSON: the content of VOSI's capabilities. `null` among the security methods is anonymous access.
//
//   {"capabilities": [{"standardID": "ivo://ivoa.net/std/VOSpace/v2.0#nodes", "interfaces": [
//     {"url": "https://example.org/vos/nodes", "use": "base", "version": "2.1", "securityMethods": [null, "ivo://ivoa.net/sso#BasicAA"]}]}]}
import type { CapabilityInterface, ServiceCapability } from '../service-capability.ts';
import { optional, parseJson, readList, readRecord, readString, readToken, required } from './value.ts';

export function formatCapabilitiesJson(capabilities: readonly ServiceCapability[]): string {
  return JSON.stringify({
    capabilities: capabilities.map(({ standardID, interfaces }) => ({
      standardID,
      interfaces: interfaces.map(({ securityMethods, ...rest }) => ({
        ...rest,
        securityMethods: securityMethods.map((method) => method ?? null),
      })),
    })),
  });
}

/** Members it does not know are passed over. Throws Fault InvalidArgument naming the JSON path. */
export function parseCapabilitiesJson(text: string): readonly ServiceCapability[] {
  return required(readRecord(parseJson(text), '$'), '$', 'capabilities', (list, path) => readList(list, path, readServiceCapability));
}

function readServiceCapability(value: unknown, path: string): ServiceCapability {
  const object = readRecord(value, path);
  return {
    standardID: required(object, path, 'standardID', readToken),
    interfaces: required(object, path, 'interfaces', (list, at) => readList(list, at, readInterface)),
  };
}

function readInterface(value: unknown, path: string): CapabilityInterface {
  const object = readRecord(value, path);
  const { use } = optional(object, path, 'use', readString);
  const { securityMethods = [] } = optional(object, path, 'securityMethods', (list, at) =>
    readList(list, at, (method, where) => (method === null ? undefined : readToken(method, where))),
  );
  return {
    url: required(object, path, 'url', readToken),
    use: use === 'base' ? 'base' : 'full',
    securityMethods,
    ...optional(object, path, 'version', readString),
  };
}
