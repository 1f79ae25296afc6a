// VOSI 1.1 documents: what the service offers, and whether it works.
//
//   <vosi:capabilities xmlns:vosi="http://www.ivoa.net/xml/VOSICapabilities/v1.0" xmlns:xsi="…" xmlns:vs="…">
//     <capability standardID="ivo://ivoa.net/std/VOSpace/v2.0#nodes"><interface xsi:type="vs:ParamHTTP" role="std">
//       <accessURL use="base">https://example.org/vos/nodes</accessURL><securityMethod/></interface></capability>
//   </vosi:capabilities>
//
// Client quirk: OpenCADC's client looks up `capability` and its children without namespace, and needs the prefix xsi declared at the root.
import type { CapabilityInterface, ServiceCapability } from '../model/service-capability.ts';
import { VODATASERVICE, VOSI_AVAILABILITY, VOSI_CAPABILITIES, XSI } from './namespaces.ts';
import { attribute, element, escapeText, textElement, XML_DECLARATION } from './write.ts';

export interface Availability {
  readonly available: boolean;
  readonly notes: readonly string[];
  /** Epoch milliseconds, as the following. */
  readonly upSince?: number;
  readonly downAt?: number;
  readonly backAt?: number;
}

export function formatCapabilities(capabilities: readonly ServiceCapability[]): string {
  const root = attribute('xmlns:vosi', VOSI_CAPABILITIES) + attribute('xmlns:xsi', XSI) + attribute('xmlns:vs', VODATASERVICE);
  const content = capabilities.map(({ standardID, interfaces }) =>
    element('capability', attribute('standardID', standardID), interfaces.map(formatInterface).join('')),
  );
  return XML_DECLARATION + element('vosi:capabilities', root, content.join(''));
}

function formatInterface({ url, use = 'full', securityMethods, version }: CapabilityInterface): string {
  const attributes = attribute('xsi:type', 'vs:ParamHTTP') + attribute('role', 'std') + attribute('version', version);
  const methods = securityMethods.map((standardID) => element('securityMethod', attribute('standardID', standardID)));
  return element('interface', attributes, element('accessURL', attribute('use', use), escapeText(url)) + methods.join(''));
}

/** Element order by the schema: available, upSince, downAt, backAt, note*. */
export function formatAvailability({ available, notes, upSince, downAt, backAt }: Availability): string {
  let content = textElement('vosi:available', String(available));
  for (const [name, time] of Object.entries({ upSince, downAt, backAt })) {
    if (time !== undefined) content += textElement(`vosi:${name}`, new Date(time).toISOString());
  }
  for (const note of notes) content += textElement('vosi:note', note);
  return XML_DECLARATION + element('vosi:availability', attribute('xmlns:vosi', VOSI_AVAILABILITY), content);
}
