// The XML that the demonstration sends: VOSpace documents as small templates, and the one escape function that they and the tables use.

export const CORE = 'ivo://ivoa.net/vospace/core#';
const NAMESPACES = 'xmlns:vos="http://www.ivoa.net/xml/VOSpace/v2.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="2.1"';
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** For element content and attribute values. */
export function escapeXml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => ESCAPES[character] ?? character);
}

export type NodeType = 'ContainerNode' | 'DataNode' | 'LinkNode';

/** @param properties URI → value */
export function nodeDocument(uri: string, type: NodeType, properties: Readonly<Record<string, string>> = {}, target?: string): string {
  const list = Object.entries(properties).map(
    ([name, value]) => `<vos:property uri="${escapeXml(name)}">${escapeXml(value)}</vos:property>`,
  );
  const link = target === undefined ? '' : `<vos:target>${escapeXml(target)}</vos:target>`;
  const children = type === 'ContainerNode' ? '<vos:nodes/>' : '';
  return `<vos:node ${NAMESPACES} xsi:type="vos:${type}" uri="${escapeXml(uri)}"><vos:properties>${list.join('')}</vos:properties>${link}${children}</vos:node>`;
}

/** A transfer whose bytes the client sends itself, by HTTP PUT. */
export function pushDocument(target: string, length: number): string {
  return [
    `<vos:transfer ${NAMESPACES}>`,
    `<vos:target>${escapeXml(target)}</vos:target>`,
    '<vos:direction>pushToVoSpace</vos:direction>',
    `<vos:protocol uri="${CORE}httpput"/>`,
    `<vos:param uri="${CORE}length">${length}</vos:param>`,
    '</vos:transfer>',
  ].join('');
}
