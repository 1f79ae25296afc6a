// Which addresses the service may talk to on behalf of its users: pure, from the text of a URL and the operator's list of hosts.
import { Fault } from '../faults.ts';

/** One entry of TRANSFER_HOSTS. */
export interface HostRule {
  /** As a URL has it: lower case, an IPv6 address in brackets. */
  readonly host: string;
  /** Undefined: the usual ones. */
  readonly port: number | undefined;
  /** `*.host`: every name below it, over https only. */
  readonly below: boolean;
}

export interface OutgoingRules {
  /** Empty: nothing is allowed at all. */
  readonly hosts: readonly HostRule[];
  /** Origins that the operator has named otherwise: those of the registry. */
  readonly trusted: readonly string[];
  /** Origins of this service, which are never allowed. */
  readonly own: readonly string[];
}

const MOST_CHARACTERS = 8000;
const ENTRY = /^(\*\.)?([a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::(\d{1,5}))?$/;
const LITERAL = /^(\[.*\]|[\d.]+)$/;
/** Names that mean something else in every network. */
const LOCAL = /(^|\.)(localhost|local|localdomain|internal|intranet|lan|home|corp|private|home\.arpa)$/;
const PORTS: Readonly<Record<string, readonly number[]>> = { 'https:': [443, 8443], 'http:': [80] };

/** Reads `host`, `host:port`, `[address]:port` and `*.domain`. Throws an Error that says what is wrong. */
export function parseHostRule(text: string): HostRule {
  const [, star, host = '', port] = ENTRY.exec(text.toLowerCase()) ?? [];
  if (host === '' || (port !== undefined && (Number(port) < 1 || Number(port) > 65535)))
    throw new Error(`${JSON.stringify(text)} is not a host such as data.example.org, data.example.org:8443 or *.example.org`);
  if (URL.parse(`http://${host}/`)?.hostname !== host || host.endsWith('.'))
    throw new Error(`${JSON.stringify(text)} is not the plain spelling of a host`);
  if (star !== undefined && (isRisky(host) || port !== undefined))
    throw new Error(`${JSON.stringify(text)}: only a public domain can stand behind *. , and without a port`);
  return { host, port: port === undefined ? undefined : Number(port), below: star !== undefined };
}

/** The URL, if the service may send a request there. Throws Fault TransferFailed, which names the host and nothing else of the URL. */
export function checkOutgoing(text: string, { hosts, trusted, own }: OutgoingRules): URL {
  // oxlint-disable-next-line no-control-regex -- URL parsers drop or translate these: what is checked must be what is asked for
  if (text.length > MOST_CHARACTERS || /[\u0000-\u0020\u007f\\]/.test(text)) throw refused('the endpoint', 'is not a well-formed URL');
  const [, authority = ''] = /^https?:\/\/([^/?#]*)/i.exec(text) ?? [];
  const url = URL.parse(text);
  if (!url || authority === '') throw refused('the endpoint', 'is not an http or https URL');
  if (authority.includes('@')) throw refused(url.hostname, 'is preceded by a user name, which an endpoint must not have');
  const host = authority.toLowerCase().replace(/:\d*$/, '');
  // Percent-escapes, other digits, and the many spellings of an address.
  if (host !== url.hostname) throw refused(url.hostname, 'is not spelt plainly in the URL');
  if (host.endsWith('.')) throw refused(host, 'ends in a dot');
  if (own.includes(url.origin)) throw refused(url.host, 'is this service itself');
  if (hosts.length === 0) throw refused(url.host, 'cannot be reached: this service makes no outgoing transfers (TRANSFER_HOSTS is empty)');
  if (trusted.includes(url.origin) || hosts.some((rule) => !rule.below && matches(rule, url))) return url;
  if (isRisky(host)) throw refused(url.host, 'is an address or a local name that TRANSFER_HOSTS does not list as such');
  if (!hosts.some((rule) => rule.below && host.endsWith(`.${rule.host}`)))
    throw refused(url.host, 'is not among the hosts of TRANSFER_HOSTS');
  if (url.protocol !== 'https:') throw refused(url.host, 'may be reached over https only');
  if (!isUsual(url)) throw refused(url.host, 'may be reached at ports 443 and 8443 only');
  return url;
}

function matches({ host, port }: HostRule, url: URL): boolean {
  return host === url.hostname && (port === undefined ? isUsual(url) : port === portOf(url));
}

function isUsual(url: URL): boolean {
  return PORTS[url.protocol]?.includes(portOf(url)) ?? false;
}

function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
}

/** A literal address, a name of one label, or one that is looked up differently in every network. */
function isRisky(host: string): boolean {
  return LITERAL.test(host) || !host.includes('.') || LOCAL.test(host);
}

function refused(host: string, why: string): Fault {
  return new Fault('TransferFailed', `${host.slice(0, 255)} ${why}`);
}
