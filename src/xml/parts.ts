// The parts that node, transfer and list documents share: param, view, capability, protocol; VOSpace 2.1 sections 3.3 to 3.5.
//
// Element order as the schema has it: Protocol = endpoint, param*, securityMethod*; View = param*; Capability = endpoint, param*.
import type { Capability, Param, View } from '../model/node.ts';
import type { Protocol } from '../model/transfer.ts';
import { allowChildren, attributeOf, booleanOf, childrenOf, childToken, invalid, textOf, uriOf } from './element.ts';
import type { XmlElement } from './read.ts';
import { attribute, element, escapeText, textElement } from './write.ts';

/** The `param` children; undefined when there are none. */
export function parseParams(parent: XmlElement): readonly Param[] | undefined {
  const params = childrenOf(parent, 'param').map((param) => ({ uri: uriOf(param), value: textOf(param) }));
  return params.length === 0 ? undefined : params;
}

export function parseView(view: XmlElement): View {
  allowChildren(view, ['param']);
  const original = booleanOf(view, 'original');
  const params = parseParams(view);
  return { uri: uriOf(view), ...(original !== undefined && { original }), ...(params && { params }) };
}

export function parseCapability(capability: XmlElement): Capability {
  allowChildren(capability, ['endpoint', 'param']);
  const endpoint = childToken(capability, 'endpoint');
  const params = parseParams(capability);
  return { uri: uriOf(capability), ...(endpoint !== undefined && { endpoint }), ...(params && { params }) };
}

/** Early drafts, and SciDrive today, call the endpoint `protocolEndpoint`. A securityMethod without URI says nothing and is left out. */
export function parseProtocol(protocol: XmlElement): Protocol {
  allowChildren(protocol, ['endpoint', 'protocolEndpoint', 'param', 'securityMethod']);
  const named = childToken(protocol, 'endpoint');
  const drafted = childToken(protocol, 'protocolEndpoint');
  if (named !== undefined && drafted !== undefined) throw invalid('<protocol> has both <endpoint> and <protocolEndpoint>');
  const endpoint = named ?? drafted;
  const params = parseParams(protocol);
  const securityMethods = childrenOf(protocol, 'securityMethod').map((method) => (attributeOf(method, 'uri') ?? '').trim());
  return {
    uri: uriOf(protocol),
    ...(endpoint !== undefined && { endpoint }),
    ...(params && { params }),
    securityMethods: securityMethods.filter((uri) => uri !== ''),
  };
}

export function formatParams(params: readonly Param[] = []): string {
  let xml = '';
  for (const param of params) xml += element('vos:param', attribute('uri', param.uri), escapeText(param.value));
  return xml;
}

export function formatView(view: View): string {
  const original = view.original === undefined ? undefined : String(view.original);
  return element('vos:view', attribute('uri', view.uri) + attribute('original', original), formatParams(view.params));
}

export function formatCapability(capability: Capability): string {
  return element('vos:capability', attribute('uri', capability.uri), formatEndpoint(capability.endpoint) + formatParams(capability.params));
}

export function formatProtocol(protocol: Protocol): string {
  let content = formatEndpoint(protocol.endpoint) + formatParams(protocol.params);
  for (const method of protocol.securityMethods) content += element('vos:securityMethod', attribute('uri', method));
  return element('vos:protocol', attribute('uri', protocol.uri), content);
}

function formatEndpoint(endpoint: string | undefined): string {
  return endpoint === undefined ? '' : textElement('vos:endpoint', endpoint);
}
