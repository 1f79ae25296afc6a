// Reads JSON values of unknown shape: each refusal is Fault InvalidArgument and names the path of the value, such as `$.protocols[0].uri`.
import { asFault, Fault } from '../../faults.ts';
import { MAX_DOCUMENT } from '../limits.ts';
import { MAX_PROPERTY_VALUE } from '../property.ts';
import { illegalCharacter, isLonger } from '../text.ts';

export type JsonObject = Readonly<Record<string, unknown>>;
export type Reader<T> = (value: unknown, path: string) => T;

/** Items of one list in a document. */
export const MAX_ITEMS = 1000;

export function refuse(path: string, what: string): Fault {
  return new Fault('InvalidArgument', `JSON ${path}: ${what}`);
}

/** Of two members with one name the last counts, as RFC 8259 lets it. A document that a client sends has at most MAX_DOCUMENT bytes, like one in XML. */
export function parseJson(text: string, most = MAX_DOCUMENT): unknown {
  if (isLonger(text, most)) throw refuse('$', `is longer than ${most} bytes`);
  try {
    return JSON.parse(text);
  } catch {
    throw refuse('$', 'is not JSON');
  }
}

/** An object with no other members than these. */
export function readObject(value: unknown, path: string, members: readonly string[]): JsonObject {
  const object = readRecord(value, path);
  for (const member of Object.keys(object))
    if (!members.includes(member)) throw refuse(memberPath(path, member), 'is not a member of this object');
  return object;
}

/** An object whose members have names of the client's choice. */
export function readRecord(value: unknown, path: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse(path, 'is not an object');
  return value as JsonObject;
}

export function readString(value: unknown, path: string): string {
  if (typeof value !== 'string') throw refuse(path, 'is not a string');
  const illegal = illegalCharacter(value);
  if (illegal !== undefined) throw refuse(path, `contains ${illegal}, which XML cannot carry`);
  if (isLonger(value, MAX_PROPERTY_VALUE)) throw refuse(path, `is longer than ${MAX_PROPERTY_VALUE} bytes`);
  return value;
}

/** A string that is not blank, without the white space around it. */
export function readToken(value: unknown, path: string): string {
  const token = readString(value, path).trim();
  if (token === '') throw refuse(path, 'is blank');
  return token;
}

export function readBoolean(value: unknown, path: string): boolean {
  if (typeof value !== 'boolean') throw refuse(path, 'is neither true nor false');
  return value;
}

/** A number without fraction that is not negative. */
export function readCount(value: unknown, path: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw refuse(path, 'is not a whole number');
  return value;
}

/** ISO 8601 with zone, to epoch milliseconds. */
export function readTime(value: unknown, path: string): number {
  const text = readString(value, path);
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw refuse(path, 'is not a time such as 2026-11-22T10:00:00.000Z');
  return time;
}

export function readList<T>(value: unknown, path: string, read: Reader<T>, most = MAX_ITEMS): readonly T[] {
  if (!Array.isArray(value)) throw refuse(path, 'is not a list');
  if (value.length > most) throw refuse(path, `has more than ${most} items`);
  return value.map((item, index) => read(item, `${path}[${index}]`));
}

export function listOf<T>(read: Reader<T>, most = MAX_ITEMS): Reader<readonly T[]> {
  return (value, path) => readList(value, path, read, most);
}

type Readers = Readonly<Record<string, Reader<unknown>>>;
type Members<R extends Readers> = { readonly [Name in keyof R]: ReturnType<R[Name]> };

/** Of an object that has the members of `needed`, and may have those of `others`; what else it has is passed over. */
export function shape<R extends Readers>(needed: R): Reader<Members<R>>;
export function shape<R extends Readers, O extends Readers>(needed: R, others: O): Reader<Members<R> & Partial<Members<O>>>;
export function shape(needed: Readers, others: Readers = {}): Reader<object> {
  return (value, path) => {
    const object = readRecord(value, path);
    const read: Record<string, unknown> = {};
    for (const [name, reader] of Object.entries(needed)) read[name] = required(object, path, name, reader);
    for (const [name, reader] of Object.entries(others)) Object.assign(read, optional(object, path, name, reader));
    return read;
  };
}

/** The member read, as an object to spread: empty when it is missing or null. */
export function optional<K extends string, T>(object: JsonObject, path: string, member: K, read: Reader<T>): { [P in K]?: T } {
  const value = own(object, member);
  return value === undefined || value === null ? {} : ({ [member]: read(value, memberPath(path, member)) } as { [P in K]: T });
}

export function required<T>(object: JsonObject, path: string, member: string, read: Reader<T>): T {
  const value = own(object, member);
  if (value === undefined) throw refuse(memberPath(path, member), 'is missing');
  return read(value, memberPath(path, member));
}

export function memberPath(path: string, member: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(member) ? `${path}.${member}` : `${path}[${JSON.stringify(member.slice(0, 200))}]`;
}

function own(object: JsonObject, member: string): unknown {
  return Object.hasOwn(object, member) ? object[member] : undefined;
}

export function oneOf<const T extends string>(...values: readonly T[]): Reader<T> {
  return (value, path) => {
    const found = values.find((one) => one === value);
    if (found === undefined) throw refuse(path, `is none of ${values.join(', ')}`);
    return found;
  };
}

export function between(least: number, most: number): Reader<number> {
  return (value, path) => {
    const number = readCount(value, path);
    if (number < least || number > most) throw refuse(path, `is not between ${least} and ${most}`);
    return number;
  };
}

/** Gives a refusal the path of the value. */
export function atPath<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const fault = asFault(error);
    throw fault && !fault.detail.startsWith('JSON ') ? refuse(path, fault.detail) : error;
  }
}
