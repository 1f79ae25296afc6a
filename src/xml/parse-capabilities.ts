// Reads VOSI capabilities: what a client learns of a service. Interfaces without an accessURL are left out.
//
// By design: elements are found by their local names. Services write them qualified and unqualified.
import type { CapabilityInterface, ServiceCapability } from '../model/service-capability.ts';
import { attributeOf, readRoot } from './element.ts';
import { VOSI_CAPABILITIES } from './namespaces.ts';
import { ANSWER_LIMITS, type XmlElement } from './read.ts';

/** Throws Fault InvalidArgument. */
export function parseCapabilities(xml: string): readonly ServiceCapability[] {
  const root = readRoot(xml, 'capabilities', [VOSI_CAPABILITIES], ANSWER_LIMITS);
  return named(root, 'capability').flatMap((capability): ServiceCapability[] => {
    const standardID = attributeOf(capability, 'standardID')?.trim() ?? '';
    return standardID === '' ? [] : [{ standardID, interfaces: named(capability, 'interface').flatMap(parseInterface) }];
  });
}

function parseInterface(element: XmlElement): readonly CapabilityInterface[] {
  const version = attributeOf(element, 'version');
  const securityMethods = named(element, 'securityMethod').map((method) => attributeOf(method, 'standardID')?.trim());
  return named(element, 'accessURL')
    .filter(({ text }) => text.trim() !== '')
    .map((url) => ({
      url: url.text.trim(),
      use: attributeOf(url, 'use') === 'base' ? ('base' as const) : ('full' as const),
      securityMethods,
      ...(version !== undefined && { version }),
    }));
}

function named(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name);
}
