// Transfer documents: VOSpace 2.1 section 3.6, in both directions.
//
//   <vos:transfer xmlns:vos="http://www.ivoa.net/xml/VOSpace/v2.0" version="2.1">
//     <vos:target>vos://example.org~vospace/a</vos:target><vos:direction>pushToVoSpace</vos:direction>
//     <vos:protocol uri="ivo://ivoa.net/vospace/core#httpsput"><vos:securityMethod uri="ivo://ivoa.net/sso#BasicAA"/></vos:protocol>
//     <vos:param uri="ivo://ivoa.net/vospace/core#length">388943</vos:param>
//   </vos:transfer>
//
// Element order: target, direction, view, protocol*, keepBytes, param*. On input any order, and several targets, which OpenCADC's packages
// use although the standard's schema has one.
import type { Transfer } from '../model/transfer.ts';
import {
  allowChildren,
  attributeOf,
  childOf,
  childrenOf,
  childToken,
  invalid,
  parseBoolean,
  readRoot,
  textOf,
  tokenOf,
} from './element.ts';
import { VOSPACE, VOSPACE_21 } from './namespaces.ts';
import { formatParams, formatProtocol, formatView, parseParams, parseProtocol, parseView } from './parts.ts';
import type { XmlElement } from './read.ts';
import { attribute, element, textElement, XML_DECLARATION } from './write.ts';

const ROOT = attribute('xmlns:vos', VOSPACE) + attribute('version', '2.1');

/** Throws Fault InvalidArgument. Neither the URIs nor the direction are interpreted here. */
export function parseTransfer(xml: string): Transfer {
  return parseTransferElement(readRoot(xml, 'transfer', [VOSPACE, VOSPACE_21]));
}

/** The same for an element inside another document: the jobInfo of a job. */
export function parseTransferElement(root: XmlElement): Transfer {
  allowChildren(root, ['target', 'direction', 'view', 'protocol', 'keepBytes', 'param']);
  const targets = childrenOf(root, 'target').map(tokenOf);
  if (targets.length === 0) throw invalid('<transfer> has no <target>');
  const direction = childToken(root, 'direction');
  if (direction === undefined) throw invalid('<transfer> has no <direction>');
  const view = childOf(root, 'view');
  const keepBytes = childOf(root, 'keepBytes');
  const version = attributeOf(root, 'version');
  return {
    targets,
    direction,
    ...(view && { view: parseView(view) }),
    protocols: childrenOf(root, 'protocol').map(parseProtocol),
    ...(keepBytes && { keepBytes: parseBoolean(textOf(keepBytes), '<keepBytes>') }),
    params: parseParams(root) ?? [],
    ...(version !== undefined && { version }),
  };
}

/** A document, always of version 2.1. For a transfer that failed give no protocols: the standard's sign of failure (section 3.6). */
export function formatTransfer(transfer: Transfer): string {
  return XML_DECLARATION + formatTransferElement(transfer);
}

/** The element alone, with its namespace declared: for the jobInfo of a job. */
export function formatTransferElement(transfer: Transfer): string {
  let content = '';
  for (const target of transfer.targets) content += textElement('vos:target', target);
  content += textElement('vos:direction', transfer.direction);
  if (transfer.view) content += formatView(transfer.view);
  for (const protocol of transfer.protocols) content += formatProtocol(protocol);
  if (transfer.keepBytes !== undefined) content += textElement('vos:keepBytes', String(transfer.keepBytes));
  return element('vos:transfer', ROOT, content + formatParams(transfer.params));
}
