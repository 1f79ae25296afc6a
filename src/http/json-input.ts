// Reads the small JSON documents of users, passwords and groups; every refusal names the field.
import { Fault } from '../faults.ts';
import { boundedText } from '../model/bounded-text.ts';

const MAX_BYTES = 65_536;
const MAX_LIST = 1000;

export type JsonObject = Readonly<Record<string, unknown>>;

function invalid(detail: string): Fault {
  return new Fault('InvalidArgument', detail);
}

const REFUSALS = {
  tooLong: () => invalid(`body: at most ${MAX_BYTES} bytes`),
  notUtf8: () => invalid('body: not UTF-8'),
  brokenOff: () => invalid('body: broke off'),
};

/** The body as an object with no other fields than these; an empty body is an empty object. At most 64 KiB. */
export async function readJson(request: Request, fields: readonly string[]): Promise<JsonObject> {
  const text = await boundedText(request, MAX_BYTES, REFUSALS);
  let parsed: unknown;
  try {
    parsed = text.trim() === '' ? {} : JSON.parse(text);
  } catch {
    throw invalid('body: not JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw invalid('body: not a JSON object');
  const unknown = Object.keys(parsed).find((field) => !fields.includes(field));
  if (unknown !== undefined) throw invalid(`${unknown.slice(0, 50)}: not a field; known are ${fields.join(', ')}`);
  return parsed as JsonObject;
}

/** A required text of 1 to `max` characters. */
export function textField(object: JsonObject, field: string, max: number): string {
  const value = object[field];
  if (typeof value !== 'string' || value === '' || value.length > max) throw invalid(`${field}: a text of 1 to ${max} characters`);
  return value;
}

/** An optional list of at most 1,000 texts; absent is empty. */
export function listField(object: JsonObject, field: string, max: number): string[] {
  const value = object[field] ?? [];
  if (!Array.isArray(value) || value.length > MAX_LIST) throw invalid(`${field}: a list of at most ${MAX_LIST} texts`);
  return value.map((item: unknown, i) => {
    if (typeof item !== 'string' || item === '' || item.length > max) throw invalid(`${field}[${i}]: a text of 1 to ${max} characters`);
    return item;
  });
}

/** An optional time in UTC, ISO 8601; epoch milliseconds. */
export function timeField(object: JsonObject, field: string): number | undefined {
  const value = object[field];
  if (value === undefined) return undefined;
  const isTime = typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z?$/.test(value);
  const time = isTime ? Date.parse(`${value.replace(/Z$/, '')}Z`) : NaN;
  if (Number.isNaN(time)) throw invalid(`${field}: not a time such as 2026-11-22T10:00:00Z`);
  return time;
}

/** The query's `after` and `limit` of a paged list. */
export function readPage(query: { readonly after?: string | undefined; readonly limit?: string | undefined }): {
  after: string;
  limit: number;
} {
  const limit = query.limit === undefined ? MAX_LIST : Number(query.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIST) throw invalid(`limit: a number from 1 to ${MAX_LIST}`);
  return { after: query.after ?? '', limit };
}
