// Builds the XML documents that clients send, as text, so that nothing of the service has a part in them.
import { VOS, XSI } from './tree.ts';

const CORE = 'ivo://ivoa.net/vospace/core#';

/** The URI of a standard property, protocol or view: VOSpace 2.1 sections 3.2.4, 3.4.4 and 3.5.3. */
export function core(name: string): string {
  return CORE + name;
}

export const IS_LOCKED = 'ivo://cadc.nrc.ca/vospace/core#islocked';
export const INHERIT = 'ivo://cadc.nrc.ca/vospace/core#inheritPermissions';
export const PUBLIC_SHARE = 'http://wiki.ivoa.net/twiki/bin/view/IVOA/VOSpacePublicShare';

export function escapeXml(text: string): string {
  return text.replace(/[&<>"'\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}

export interface NodeSpec {
  /** Absent = ContainerNode; null = no xsi:type at all. */
  readonly type?: string | null;
  /** null is xsi:nil. */
  readonly properties?: Readonly<Record<string, string | null>>;
  readonly target?: string;
  /** Raw XML after the properties. */
  readonly more?: string;
}

export function nodeDocument(uri: string, { type = 'ContainerNode', properties = {}, target, more = '' }: NodeSpec = {}): string {
  const list = Object.entries(properties).map(([name, value]) =>
    value === null
      ? `<vos:property uri="${escapeXml(name)}" xsi:nil="true"/>`
      : `<vos:property uri="${escapeXml(name)}">${escapeXml(value)}</vos:property>`,
  );
  const types = type === null ? '' : ` xsi:type="vos:${type}"`;
  const link = target === undefined ? '' : `<vos:target>${escapeXml(target)}</vos:target>`;
  const nodes = type === 'ContainerNode' && !more.includes('<vos:nodes') ? '<vos:nodes/>' : '';
  return (
    `<vos:node xmlns:vos="${VOS}" xmlns:xsi="${XSI}" version="2.1"${types} uri="${escapeXml(uri)}">` +
    `<vos:properties>${list.join('')}</vos:properties>${more}${link}${nodes}</vos:node>`
  );
}

export interface TransferSpec {
  readonly target: string;
  readonly direction?: string;
  readonly view?: string;
  readonly protocols?: readonly (string | { readonly uri: string; readonly securityMethods: readonly string[] })[];
  /** The core#length parameter. */
  readonly length?: number;
  /** null = no version attribute, as VOSpace 2.0 clients send. */
  readonly keepBytes?: boolean;
  readonly version?: string | null;
}

export function transferDocument({
  target,
  direction = 'pullFromVoSpace',
  view,
  protocols = [core('httpget')],
  length,
  keepBytes,
  version = '2.1',
}: TransferSpec): string {
  const list = protocols.map((protocol) => {
    const { uri, securityMethods } = typeof protocol === 'string' ? { uri: protocol, securityMethods: [] } : protocol;
    return `<vos:protocol uri="${escapeXml(uri)}">${securityMethods.map((method) => `<vos:securityMethod uri="${escapeXml(method)}"/>`).join('')}</vos:protocol>`;
  });
  return (
    `<vos:transfer xmlns:vos="${VOS}"${version === null ? '' : ` version="${version}"`}>` +
    `<vos:target>${escapeXml(target)}</vos:target><vos:direction>${escapeXml(direction)}</vos:direction>` +
    (view === undefined ? '' : `<vos:view uri="${escapeXml(view)}"/>`) +
    list.join('') +
    (keepBytes === undefined ? '' : `<vos:keepBytes>${String(keepBytes)}</vos:keepBytes>`) +
    (length === undefined ? '' : `<vos:param uri="${core('length')}">${length}</vos:param>`) +
    '</vos:transfer>'
  );
}

/** The query string of a negotiation by parameters, names and values percent-encoded. */
export function query(parameters: Readonly<Record<string, string>>): string {
  return new URLSearchParams({ ...parameters }).toString();
}
