// What a service offers in JSON: the content of VOSI's capabilities. `null` among the security methods is anonymous access.
//
//   {"capabilities": [{"standardID": "ivo://ivoa.net/std/VOSpace/v2.0#nodes", "interfaces": [
//     {"url": "https://example.org/vos/nodes", "use": "base", "version": "2.1", "securityMethods": [null, "ivo://ivoa.net/sso#BasicAA"]}]}]}
import type { CapabilityInterface, ServiceCapability } from '../service-capability.ts';
import { listOf, parseJson, readString, readToken, shape } from './value.ts';

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

const readMethod = (value: unknown, path: string): string | undefined => (value === null ? undefined : readToken(value, path));
const readMembers = shape({ url: readToken }, { use: readString, securityMethods: listOf(readMethod), version: readString });
const readAll = shape({ capabilities: listOf(shape({ standardID: readToken, interfaces: listOf(readInterface) })) });

/** Members it does not know are passed over. Throws Fault InvalidArgument naming the JSON path. */
export function parseCapabilitiesJson(text: string): readonly ServiceCapability[] {
  return readAll(parseJson(text), '$').capabilities;
}

function readInterface(value: unknown, path: string): CapabilityInterface {
  const { use, securityMethods = [], ...rest } = readMembers(value, path);
  return { ...rest, use: use === 'base' ? 'base' : 'full', securityMethods };
}
