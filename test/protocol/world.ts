// The service under test and its users: every test file works in a top-level container of its own.
import { randomUUID } from 'node:crypto';
import { describe, expect, inject, test, vi } from 'vitest';
import { Client, type Answer, type Credentials } from '../support/client.ts';
import { nodeDocument, type NodeSpec } from './documents.ts';
import { parseXml, readNode, type ReadNode } from './tree.ts';

vi.setConfig({ testTimeout: 30_000, hookTimeout: 60_000 });

export const service = inject('vospace');
const foreign = service.home !== null;

/** Groups and single tests that need an administrator or a second user: skipped, and counted as skipped, on other services. */
export const ours = describe.skipIf(foreign);
export const oursOnly = test.skipIf(foreign);

let counter = 0;
const run = randomUUID().slice(0, 8);

/** A name that no other test uses, in this run or another. */
export function unique(label: string): string {
  return `${label}-${run}-${(counter += 1)}`;
}

/** The vos:// URI of a percent-encoded path. */
export function uriOf(path: string, authority = service.authority): string {
  return `vos://${authority}${path}`;
}

/** One user of the service; paths are percent-encoded and begin with a slash. */
export class User extends Client {
  readonly name: string;
  /** The user's own top-level container. */
  readonly home: string;

  constructor(name: string, home: string, credentials?: Credentials) {
    super(service.base, credentials);
    this.name = name;
    this.home = home;
  }

  /** A fresh path in the user's own container. */
  fresh(label = 'node'): string {
    return `${this.home}/${unique(label)}`;
  }

  create(path: string, spec: NodeSpec = {}, uri = uriOf(path)): Promise<Answer> {
    return this.send('PUT', `/nodes${path}`, { body: nodeDocument(uri, spec), headers: { 'content-type': 'text/xml' } });
  }

  /** Creates a node, and answers its path. */
  async made(path: string, spec: NodeSpec = {}): Promise<string> {
    expectStatus(await this.create(path, spec), 201);
    return path;
  }

  async read(path: string, query = ''): Promise<ReadNode> {
    return nodeIn(await this.get(`/nodes${path}${query}`));
  }

  set(path: string, spec: NodeSpec, uri = uriOf(path)): Promise<Answer> {
    return this.post(`/nodes${path}`, nodeDocument(uri, { type: 'DataNode', ...spec }));
  }

  remove(path: string): Promise<Answer> {
    return this.send('DELETE', `/nodes${path}`);
  }

  put(path: string, body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.send('PUT', `/files${path}`, { body, headers: { 'content-type': 'application/octet-stream', ...headers } });
  }

  /** Stores bytes, and answers the path. */
  async stored(path: string, body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}): Promise<string> {
    expectStatus(await this.put(path, body, headers), 201);
    return path;
  }

  /** The bytes of a node, through the service; an empty file is answered without a body. */
  async bytes(path: string): Promise<string> {
    const answer = await this.get(`/files${path}?via=service`);
    expect([200, 204], `${answer.status} ${answer.text}`).toContain(answer.status);
    return answer.text;
  }
}

export const anonymous = new User('', '');
export const admin = new User(service.admin.user, `/${service.admin.user}`, service.admin);

export interface UserOptions {
  /** Of the user's own container. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Groups to be in from the start: a service may believe for half a minute what it has learnt of a user. */
  readonly groups?: readonly string[];
  /** Sends no request as this user yet. */
  readonly idle?: boolean;
}

/** Makes a user; on other services, a fresh container for the one user there is. */
export async function newUser(label: string, { properties, groups = [], idle = false }: UserOptions = {}): Promise<User> {
  const spec = properties ? { properties } : {};
  if (service.home !== null) {
    const user = new User(service.admin.user, `${service.home}/${unique(label)}`, service.admin);
    await user.made(user.home, spec);
    return user;
  }
  const answer = await admin.post('/admin/users', JSON.stringify({ user: unique(label), groups }), 'application/json');
  expectStatus(answer, 201);
  const credentials = JSON.parse(answer.text) as Credentials;
  const user = new User(credentials.user, `/${credentials.user}`, credentials);
  if (!idle) expectStatus(await user.get('/me'), 200);
  if (properties) expectStatus(await user.set(user.home, { type: 'ContainerNode', properties }), 200);
  return user;
}

/** A user whose own container everyone may read, so that only the rights on what is in it decide. */
export function newOpenUser(label: string): Promise<User> {
  return newUser(label, { properties: { 'ivo://ivoa.net/vospace/core#publicread': 'true' } });
}

/** Makes a group of these users, who have sent no request before, and answers its URI. */
export async function newGroup(owner: User, members: readonly User[]): Promise<string> {
  const name = unique('group');
  const answer = await owner.post('/groups', JSON.stringify({ name, members: members.map((member) => member.name) }), 'application/json');
  expectStatus(answer, 200, 201);
  return `ivo://${service.authority}/gms?${name}`;
}

export function nodeIn(answer: Answer, status = 200): ReadNode {
  expectStatus(answer, status);
  return readNode(parseXml(answer.text));
}

export function expectStatus(answer: Answer, ...statuses: readonly number[]): void {
  expect(statuses, `answered ${answer.status}: ${answer.text.slice(0, 500)}`).toContain(answer.status);
}

/** The status that VOSpace 2.1 section 5 ties to each fault, and those of the additions that OpenCADC's services share with this one. */
const STATUS = {
  InvalidURI: 400,
  InvalidArgument: 400,
  TypeNotSupported: 400,
  ViewNotSupported: 400,
  ProtocolNotSupported: 400,
  OptionNotSupported: 400,
  LinkFound: 400,
  NotAuthenticated: 401,
  PermissionDenied: 403,
  NodeNotFound: 404,
  ContainerNotFound: 404,
  NotFound: 404,
  DuplicateNode: 409,
  PreconditionFailed: 412,
  QuotaExceeded: 413,
  NodeLocked: 423,
} as const;
export type FaultName = keyof typeof STATUS;

/** "the exact specified fault name SHALL be used. If this is followed by some details, the fault SHALL be separated … by whitespace" (section 5). */
export function expectFault(answer: Answer, name: FaultName, detail = ''): void {
  expect({ status: answer.status, body: answer.text.slice(0, 300) }).toEqual({
    status: STATUS[name],
    body: expect.stringMatching(new RegExp(`^${name}(\\s|$)`)),
  });
  expect(answer.text).toContain(detail);
  if (name === 'NotAuthenticated') expect(answer.header('www-authenticate')).toBeDefined();
}

/** Whichever of these faults it is. */
export function expectOneFault(answer: Answer, ...names: readonly FaultName[]): void {
  const name = names.find((candidate) => answer.text.startsWith(candidate)) ?? names[0];
  if (name !== undefined) expectFault(answer, name);
}
